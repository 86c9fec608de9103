package dev.plinth.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.Timeouts;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ScriptedChatModelTest {
    private static final ChatRequest HELLO = ChatRequest.of("Hello");

    private static List<StreamEvent> events(ChatStream stream) {
        List<StreamEvent> events = new ArrayList<>();
        stream.forEach(events::add);
        return events;
    }

    @Test
    void answersInOrderAndRemembers() {
        ScriptedChatModel model = ScriptedChatModel.of("one", "two");
        CallContext context = CallContext.builder().session("s1").build();
        assertThat(model.chat(HELLO).text()).isEqualTo("one");
        context.run(() -> assertThat(
                        model.stream(ChatRequest.of("Again")).response().text())
                .isEqualTo("two"));
        assertThat(model.requests()).containsExactly(HELLO, ChatRequest.of("Again"));
        assertThat(model.requests().get(1).context().session()).contains("s1");
        model.verify();
    }

    @Test
    void rulesComeBeforeRepliesAndServeAgainAndAgain() {
        ScriptedChatModel model = ScriptedChatModel.builder()
                .whenAsked("weather", Reply.text("Rain."))
                .reply(Reply.text("first"))
                .otherwise(request -> Reply.text("asked " + request.messages().size()))
                .build();
        assertThat(model.chat(ChatRequest.of("The weather?")).text()).isEqualTo("Rain.");
        assertThat(model.chat(HELLO).text()).isEqualTo("first");
        assertThat(model.chat(ChatRequest.of("weather, please")).text()).isEqualTo("Rain.");
        assertThat(model.chat(HELLO).text()).isEqualTo("asked 1");
        assertThatIllegalArgumentException().isThrownBy(model::onlyRequest).withMessage("requests: 4 (expected: 1)");
    }

    @Test
    void saysWhatWasUnexpected() {
        ScriptedChatModel model = ScriptedChatModel.of(new String[0]);
        ChatRequest request = ChatRequest.builder()
                .system("Be brief.")
                .user("Who are you?")
                .tool(new ToolSpec("weather", "", "{}"))
                .build();
        String expected = "request 1: nothing answers it (expected: a reply left, or one of 0 rules fitting);"
                + " messages [SYSTEM, USER], tools [weather], last message: 'Who are you?'";
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> model.chat(request))
                .withMessage(expected);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(model::verify)
                .withMessage(expected);
    }

    @Test
    void verifyCountsWhatWasNotUsedAndWhatIsOpen() {
        ScriptedChatModel model = ScriptedChatModel.of("one", "two");
        ChatStream stream = model.stream(HELLO);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(model::verify)
                .withMessageContaining("replies: 1 not used (expected: all used)");
        model.chat(HELLO);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(model::verify)
                .withMessage("streams: 1 open (expected: all read to the end or closed)");
        stream.close();
        assertThat(model.openStreams()).isZero();
        assertThatCode(model::verify).doesNotThrowAnyException();
    }

    @Test
    void streamsGivenPieces() {
        ScriptedChatModel model = ScriptedChatModel.of(
                Reply.text("Hello you").cut("He", "llo y", "ou").usage(Usage.of(3, 2)));
        List<StreamEvent> events = events(model.stream(HELLO));
        assertThat(events.subList(0, 3))
                .containsExactly(
                        new StreamEvent.TextDelta("He"),
                        new StreamEvent.TextDelta("llo y"),
                        new StreamEvent.TextDelta("ou"));
        assertThat(events.get(3))
                .isInstanceOfSatisfying(
                        StreamEvent.Finished.class,
                        finished -> assertThat(finished.response().usage()).isEqualTo(Usage.of(3, 2)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reply.text("Hello").cut("Hel"))
                .withMessage("deltas: [Hel] (expected: the text of the answer)");
    }

    @Property
    void anyCutAddsUpToTheAnswer(@ForAll String text, @ForAll String arguments, @ForAll long seed) {
        ChatResponse response = ChatResponse.builder()
                .message(Message.assistant(
                        List.of(new Part.Reasoning(text), new Part.Text(text), new ToolCall("c", "t", arguments))))
                .build();
        List<StreamEvent> events =
                events(ScriptedChatModel.of(Reply.of(response).cutRandomly(seed)).stream(HELLO));
        assertThat(joined(events, StreamEvent.TextDelta.class)).isEqualTo(text);
        assertThat(joined(events, StreamEvent.ReasoningDelta.class)).isEqualTo(text);
        assertThat(joined(events, StreamEvent.ToolCallDelta.class)).isEqualTo(arguments);
        assertThat(events.get(events.size() - 1)).isEqualTo(new StreamEvent.Finished(response));
        assertThat(events)
                .isEqualTo(events(ScriptedChatModel.of(Reply.of(response).cutRandomly(seed)).stream(HELLO)));
        assertThat(events).doesNotContain(new StreamEvent.TextDelta(""), new StreamEvent.ReasoningDelta(""));
    }

    private static String joined(List<StreamEvent> events, Class<? extends StreamEvent> type) {
        return events.stream()
                .filter(type::isInstance)
                .map(ScriptedChatModelTest::text)
                .collect(Collectors.joining());
    }

    private static String text(StreamEvent event) {
        if (event instanceof StreamEvent.TextDelta delta) {
            return delta.text();
        }
        return event instanceof StreamEvent.ReasoningDelta delta
                ? delta.text()
                : ((StreamEvent.ToolCallDelta) event).arguments();
    }

    @Test
    void breaksWhereItIsTold() {
        Reply broken = Reply.text("one two three").breakingAfter(2, () -> new TransportException("connection: reset"));
        ScriptedChatModel model = ScriptedChatModel.of(broken, broken);
        assertThatExceptionOfType(TransportException.class).isThrownBy(() -> model.chat(HELLO));
        LlmException error = catchThrowableOfType(
                TransportException.class, () -> model.stream(HELLO).response());
        assertThat(error.partialText()).isEqualTo("one two ");
        assertThat(model.openStreams()).isZero();
    }

    @Test
    void errorsAndTruncation() {
        ScriptedChatModel model = ScriptedChatModel.of(
                Reply.error(() -> new RateLimitedException("slow down")),
                Reply.error(() -> new RateLimitedException("slow down")),
                Reply.text("one two").truncatedAfter(1),
                Reply.text("one two").truncatedAfter(1));
        assertThatExceptionOfType(RateLimitedException.class).isThrownBy(() -> model.chat(HELLO));
        assertThatExceptionOfType(RateLimitedException.class)
                .isThrownBy(() -> model.stream(HELLO).response());
        assertThatExceptionOfType(MalformedResponseException.class).isThrownBy(() -> model.chat(HELLO));
        assertThatExceptionOfType(MalformedResponseException.class)
                .isThrownBy(() -> model.stream(HELLO).response())
                .satisfies(error -> assertThat(error.partialText()).isEqualTo("one "));
    }

    @Test
    void takesItsTime() {
        TestTime time = TestTime.autoAdvancing();
        ScriptedChatModel model = ScriptedChatModel.builder()
                .time(time)
                .reply(Reply.text("one two three").after(Duration.ofSeconds(5)).every(Duration.ofSeconds(1)))
                .build();
        model.stream(HELLO).response();
        assertThat(time.sleeps())
                .containsExactly(
                        Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));
    }

    @Test
    void everyWaitHasALimit() {
        TestTime time = TestTime.autoAdvancing();
        ScriptedChatModel model = ScriptedChatModel.builder()
                .time(time)
                .otherwise(request -> Reply.text("one two").stallingAfter(1))
                .build();
        Timeouts limits =
                Timeouts.DEFAULT.withFirstToken(Duration.ofSeconds(20)).withBetweenTokens(Duration.ofSeconds(7));
        ChatRequest request = HELLO.toBuilder().timeouts(limits).build();
        assertThatExceptionOfType(TimedOutException.class)
                .isThrownBy(() -> model.chat(request))
                .withMessage("timeout: passed (expected: an answer within PT20S)");
        assertThatExceptionOfType(TimedOutException.class)
                .isThrownBy(() -> model.stream(request).response())
                .withMessage("timeout: passed (expected: an answer within PT7S)");
        CallContext soon = CallContext.builder()
                .deadline(Deadline.after(Duration.ofSeconds(2), time))
                .build();
        assertThatExceptionOfType(TimedOutException.class)
                .isThrownBy(() -> model.chat(request.toBuilder().context(soon).build()))
                .withMessage("deadline: passed (expected: an answer before it)");
        assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(20), Duration.ofSeconds(7), Duration.ofSeconds(2));
    }

    @Test
    void closingWakesTheReader() throws Exception {
        TestTime time = TestTime.manual();
        ScriptedChatModel model =
                ScriptedChatModel.builder().time(time).reply(Reply.stall()).build();
        ChatStream stream = model.stream(HELLO);
        CompletableFuture<Boolean> interruptedAfter = new CompletableFuture<>();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            thrown.complete(catchThrowableOfType(CancelledException.class, stream::response));
            interruptedAfter.complete(Thread.currentThread().isInterrupted());
        });
        reader.start();
        time.awaitSleepers(1);
        stream.close();
        assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
        assertThat(interruptedAfter.get(30, TimeUnit.SECONDS)).isFalse();
        assertThat(model.openStreams()).isZero();
    }

    @Test
    void refusesWhatItsModelCannot() {
        ScriptedChatModel model = ScriptedChatModel.builder()
                .info(ModelInfo.local("tiny", "tiny-1"))
                .reply(Reply.text("Hi"))
                .build();
        ChatRequest request = HELLO.toBuilder().temperature(0.5).build();
        assertThatExceptionOfType(UnsupportedCapabilityException.class).isThrownBy(() -> model.chat(request));
        assertThat(model.requests()).isEmpty();
    }
}
