package dev.plinth.governance.guardrails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.StreamEvent.Finished;
import dev.plinth.api.chat.StreamEvent.ReasoningDelta;
import dev.plinth.api.chat.StreamEvent.TextDelta;
import dev.plinth.api.chat.StreamEvent.ToolCallDelta;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MaskedStreamTest {

    private final AtomicBoolean closed = new AtomicBoolean();

    @Provide
    Arbitrary<String> answers() {
        return Arbitraries.of(
                        "ask ", "bo@example.com", "anna@example.com ", "4111 1111 1111 1111", ", ", "<EMAIL_1>", "5555")
                .list()
                .ofMinSize(1)
                .ofMaxSize(8)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 500)
    void streamsSayWhatPlainCallsSay(@ForAll("answers") String text, @ForAll long seed, @ForAll boolean restoring) {
        ScriptedChatModel model =
                ScriptedChatModel.of(Reply.text(text), Reply.text(text).cutRandomly(seed));
        ChatModel masked = (restoring ? Masking.restoring() : Masking.layer()).around(model);
        ChatRequest request = ChatRequest.of("I am anna@example.com");
        String whole = masked.chat(request).text();
        StringBuilder streamed = new StringBuilder();
        ChatResponse response = masked.stream(request).onText(streamed::append).response();
        assertThat(streamed).hasToString(whole);
        assertThat(response.text()).isEqualTo(whole);
        assertThat(whole).doesNotContain("bo@example.com");
        assertThat(model.openStreams()).isZero();
    }

    @Test
    void everyKindOfPieceIsMaskedInOrder() {
        ChatResponse whole = ChatResponse.builder()
                .message(Message.assistant(List.of(
                        new Part.Reasoning("is it bo@example.com"),
                        new Part.Text("ask bo@example.com"),
                        new ToolCall("1", "send", "{\"to\":\"bo@example.com\"}"),
                        new ToolCall("2", "pay", "{\"card\":4111111111111111}"))))
                .build();
        ChatStream stream = masked(List.of(
                new ReasoningDelta("is it bo@exam"),
                new ReasoningDelta("ple.com"),
                new TextDelta("ask bo@"),
                new TextDelta("example.com"),
                new ToolCallDelta(0, "1", "send", ""),
                new ToolCallDelta(0, null, null, "{\"to\":\"bo@"),
                new ToolCallDelta(1, "2", "pay", "{\"card\":41111111"),
                new ToolCallDelta(0, null, null, "example.com\"}"),
                new ToolCallDelta(1, null, null, "11111111}"),
                new StreamEvent.Other("note", "{\"by\":\"bo@example.com\"}"),
                new Finished(whole)));
        List<StreamEvent> events = new ArrayList<>();
        stream.forEach(events::add);
        assertThat(events)
                .containsExactly(
                        new ReasoningDelta("is it "),
                        new ReasoningDelta("<EMAIL_1>"),
                        new TextDelta("ask "),
                        new TextDelta("<EMAIL_1>"),
                        new ToolCallDelta(0, "1", "send", ""),
                        new ToolCallDelta(0, null, null, "{\"to\":\""),
                        new ToolCallDelta(1, "2", "pay", "{\"card\":"),
                        new ToolCallDelta(0, null, null, "<EMAIL_1>\"}"),
                        new ToolCallDelta(1, null, null, "\"<CARD_1>\"}"),
                        new StreamEvent.Other("note", "{\"by\":\"<EMAIL_1>\"}"),
                        new Finished(stream.response()));
        assertThat(stream.response().message().parts())
                .containsExactly(
                        new Part.Reasoning("is it <EMAIL_1>"),
                        new Part.Text("ask <EMAIL_1>"),
                        new ToolCall("1", "send", "{\"to\":\"<EMAIL_1>\"}"),
                        new ToolCall("2", "pay", "{\"card\":\"<CARD_1>\"}"));
        assertThat(closed).isTrue();
    }

    @Test
    void aValueInterruptedByAnotherKindOfPieceIsNotGivenAwayWhole() {
        ChatStream stream = masked(List.of(
                new TextDelta("call 4111 1111 "),
                new ReasoningDelta("hm"),
                new TextDelta("1111 1111 now"),
                new Finished(ChatResponse.of("call 4111 1111 1111 1111 now"))));
        StringBuilder text = new StringBuilder();
        stream.onText(text::append);
        assertThat(text).hasToString("call 4111 1111 <CARD_1> now");
        assertThat(stream.response().text()).isEqualTo("call <CARD_1> now");
    }

    @Test
    void thePartialTextEndsWhereTheStreamEnded() {
        ScriptedChatModel model = ScriptedChatModel.of(Reply.text("ask bo@example.com or carl@example.com now")
                .cut("ask bo@example.com or ", "carl@exam", "ple.com now")
                .breakingAfter(2, () -> new OverloadedException("busy")));
        StringBuilder text = new StringBuilder();
        ChatStream stream = Masking.layer().around(model).stream(ChatRequest.of("who?"));
        assertThatThrownBy(() -> stream.onText(text::append))
                .isInstanceOfSatisfying(
                        OverloadedException.class,
                        failure -> assertThat(failure.partialText()).isEqualTo("ask <EMAIL_1> or "));
        assertThat(text).hasToString("ask <EMAIL_1> or ");
    }

    @Test
    void closingCancelsTheCallAndGivesNothingAway() {
        ScriptedChatModel model = ScriptedChatModel.of(
                Reply.text("bo@example.com is who you ask").cut("bo@example.com ", "is who", " you ask"));
        ChatStream stream = Masking.layer().around(model).stream(ChatRequest.of("who?"));
        stream.iterator().next();
        stream.close();
        assertThatThrownBy(() -> stream.iterator().next())
                .isInstanceOfSatisfying(
                        CancelledException.class,
                        failure -> assertThat(failure.partialText()).doesNotContain("bo@example.com"));
        assertThat(model.openStreams()).isZero();
    }

    @Test
    void anAnswerWithoutAFinishIsStillAnError() {
        assertThatThrownBy(
                        () -> masked(List.of(new TextDelta("bo@example.com"))).response())
                .isInstanceOfSatisfying(
                        MalformedResponseException.class,
                        failure -> assertThat(failure.partialText()).isEmpty());
    }

    private ChatStream masked(List<StreamEvent> events) {
        ChatModel model = new ForwardingChatModel(ScriptedChatModel.of("unused")) {
            @Override
            public ChatStream stream(ChatRequest request) {
                return events(events);
            }
        };
        return Masking.layer().around(model).stream(ChatRequest.of("hi"));
    }

    private ChatStream events(List<StreamEvent> events) {
        var left = events.iterator();
        return new AbstractChatStream() {
            @Override
            protected StreamEvent advance() {
                return left.hasNext() ? left.next() : null;
            }

            @Override
            protected void release() {
                closed.set(true);
            }
        };
    }
}
