package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.model.Capability;
import dev.plinth.api.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ChatModel} has to do. An implementor says how to get a model whose provider answers in a certain
 * way; an adapter does so with a stub server, a model in this process with what it really says.
 *
 * <p>A test makes one model or more, and does not close them.
 */
public abstract class ChatModelContract {
    private static final String CANARY = "canary-7f3d";
    private static final ToolSpec WEATHER = new ToolSpec(
            "weather",
            "The weather in a city",
            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}");

    /** How the provider behind a model answers every request. */
    public enum Answer {
        /** With some text, finished in good order; streamed, in at least two pieces. */
        TEXT,
        /** With a call of the tool {@code weather} whose arguments hold {@code Oslo}, and that finish. */
        TOOL_CALL,
        /** Not at all: too many requests. */
        RATE_LIMITED,
        /** With some text, and then the body ends in good order but without a finish. */
        TRUNCATED,
        /** With some text, and then the connection breaks. */
        BROKEN,
        /** With some text, and then nothing more while the connection stays open. */
        STALLED,
        /** Not at all, while the connection stays open. */
        SILENT
    }

    /** For subclasses. */
    protected ChatModelContract() {}

    /**
     * A model whose provider answers like this. Its own timeouts must be longer than a minute, so that they do not
     * come in between.
     */
    protected abstract ChatModel model(Answer answer);

    /** The answers that cannot be brought about; none unless overridden. Their tests are reported as skipped. */
    protected Set<Answer> unsupported() {
        return Set.of();
    }

    /** The request that is sent; one that asks for little unless overridden. Its message must hold the given word. */
    protected ChatRequest request(String word) {
        return ChatRequest.of("Say something about " + word + ".");
    }

    private ChatModel supported(Answer answer) {
        Skips.unless(unsupported(), answer);
        return model(answer);
    }

    private ChatRequest request() {
        return request(CANARY);
    }

    private static List<StreamEvent> events(ChatStream stream) {
        List<StreamEvent> events = new ArrayList<>();
        stream.forEach(events::add);
        return events;
    }

    private static String text(List<StreamEvent> events) {
        StringBuilder text = new StringBuilder();
        for (StreamEvent event : events) {
            if (event instanceof StreamEvent.TextDelta delta) {
                text.append(delta.text());
            }
        }
        return text.toString();
    }

    /** Reads until the first text has come; what comes after it has not been asked for. */
    private static String readFirstText(Iterator<StreamEvent> events) {
        while (events.hasNext()) {
            if (events.next() instanceof StreamEvent.TextDelta delta) {
                return delta.text();
            }
        }
        throw new AssertionError("stream: ended (expected: text first)");
    }

    private static void hidesTheRequest(@Nullable Throwable thrown) {
        Secrets.assertHidden(CANARY, thrown);
    }

    @Test
    public final void chatAnswersWithText() {
        ChatResponse response = supported(Answer.TEXT).chat(request());
        assertThat(response.message().role()).isEqualTo(Role.ASSISTANT);
        assertThat(response.text()).isNotBlank();
        assertThat(response.finishReason()).isIn(FinishReason.STOP, FinishReason.LENGTH);
        assertThat(response.cached()).isFalse();
        assertThat(response.toString()).doesNotContain(response.text());
    }

    @Test
    public final void streamEndsWithOneFinishThatHoldsTheWholeText() {
        try (ChatStream stream = supported(Answer.TEXT).stream(request())) {
            List<StreamEvent> events = events(stream);
            assertThat(events.stream().filter(StreamEvent.Finished.class::isInstance))
                    .hasSize(1);
            StreamEvent last = events.get(events.size() - 1);
            assertThat(last).isInstanceOf(StreamEvent.Finished.class);
            ChatResponse response = ((StreamEvent.Finished) last).response();
            assertThat(text(events)).isNotBlank().isEqualTo(response.text());
            assertThat(events).doesNotContain(new StreamEvent.TextDelta(""), new StreamEvent.ReasoningDelta(""));
            assertThat(stream.response()).isSameAs(response);
            assertThat(stream.iterator().hasNext()).isFalse();
        }
    }

    @Test
    public final void responseDrainsAndStaysTheSame() {
        try (ChatStream stream = supported(Answer.TEXT).stream(request())) {
            ChatResponse response = stream.response();
            assertThat(response.text()).isNotBlank();
            assertThat(stream.response()).isSameAs(response);
            stream.close();
            assertThat(stream.response()).isSameAs(response);
        }
    }

    @Test
    public final void onTextHandsOverEveryPiece() {
        StringBuilder heard = new StringBuilder();
        try (ChatStream stream = supported(Answer.TEXT).stream(request())) {
            ChatResponse response = stream.onText(heard::append).response();
            assertThat(heard).hasToString(response.text());
        }
    }

    @Test
    public final void iteratorsShareOneCursor() {
        try (ChatStream stream = supported(Answer.TEXT).stream(request())) {
            String text = readFirstText(stream.iterator());
            List<StreamEvent> rest = new ArrayList<>();
            stream.iterator().forEachRemaining(rest::add);
            assertThat(text + text(rest)).isEqualTo(stream.response().text());
        }
    }

    @Test
    public final void closingEarlyCancels() {
        ChatStream stream = supported(Answer.TEXT).stream(request());
        stream.close();
        stream.close();
        assertThatThrownBy(stream::response).isInstanceOf(CancelledException.class);
        assertThatThrownBy(stream::response).isInstanceOf(CancelledException.class);
    }

    @Test
    public final void closingFromAnotherThreadEndsAWait() throws Exception {
        ChatStream stream = supported(Answer.STALLED).stream(request());
        String text = readFirstText(stream.iterator());
        Waiting reader = Waiting.start(stream::response).settle();
        stream.close();
        Waiting.End end = reader.end();
        assertThat(end.thrown())
                .isInstanceOfSatisfying(
                        CancelledException.class,
                        error -> assertThat(error.partialText()).startsWith(text));
        assertThat(end.interrupted()).as("interrupt flag of the reader").isFalse();
        hidesTheRequest(end.thrown());
    }

    @Test
    public final void interruptingEndsAWaitForTheAnswer() throws Exception {
        ChatModel model = supported(Answer.SILENT);
        isInterrupted(Waiting.start(() -> model.chat(request())).settle());
        isInterrupted(Waiting.start(() -> model.stream(request()).response()).settle());
    }

    @Test
    public final void interruptingEndsAWaitForMore() throws Exception {
        ChatModel model = supported(Answer.STALLED);
        isInterrupted(Waiting.start(() -> model.stream(request()).response()).settle());
    }

    private static void isInterrupted(Waiting call) throws Exception {
        call.interrupt();
        hidesTheRequest(call.assertCancelled());
    }

    @Test
    public final void deadlineThatHasPassedIsRefused() {
        ChatModel model = supported(Answer.TEXT);
        ChatRequest late = request().toBuilder().context(Contexts.late()).build();
        assertThatThrownBy(() -> model.chat(late)).isInstanceOf(TimedOutException.class);
        assertThatThrownBy(() -> model.stream(late).response()).isInstanceOf(TimedOutException.class);
    }

    @Test
    public final void deadlineEndsAWaitForTheAnswer() throws Exception {
        ChatModel model = supported(Answer.SILENT);
        timesOut(() -> model.chat(soon()));
        timesOut(() -> model.stream(soon()).response());
    }

    @Test
    public final void deadlineEndsAWaitForMore() throws Exception {
        ChatModel model = supported(Answer.STALLED);
        timesOut(() -> model.stream(soon()).response());
    }

    private static void timesOut(Callable<?> call) throws Exception {
        Waiting.End end = Waiting.start(call).end();
        assertThat(end.thrown()).isInstanceOf(TimedOutException.class);
        assertThat(end.interrupted()).as("interrupt flag of the caller").isFalse();
        hidesTheRequest(end.thrown());
    }

    private ChatRequest soon() {
        CallContext context = CallContext.builder()
                .deadline(Deadline.after(Duration.ofMillis(500)))
                .build();
        return request().toBuilder().context(context).build();
    }

    @Test
    public final void rateLimitIsTheSameErrorBothWays() {
        ChatModel model = supported(Answer.RATE_LIMITED);
        RateLimitedException plain = catchThrowableOfType(RateLimitedException.class, () -> model.chat(request()));
        RateLimitedException streamed = catchThrowableOfType(
                RateLimitedException.class, () -> model.stream(request()).response());
        assertThat(plain).as("error of chat").isNotNull();
        assertThat(streamed).as("error of stream").isNotNull();
        assertThat(plain.isRetryable()).isTrue();
        assertThat(streamed.code()).isEqualTo(plain.code()).isEqualTo("rate_limited");
        hidesTheRequest(plain);
        hidesTheRequest(streamed);
    }

    @Test
    public final void endWithoutAFinishIsAnError() {
        failsInTheMiddle(supported(Answer.TRUNCATED));
    }

    @Test
    public final void brokenConnectionIsAnError() {
        failsInTheMiddle(supported(Answer.BROKEN));
    }

    private void failsInTheMiddle(ChatModel model) {
        try (ChatStream stream = model.stream(request())) {
            List<StreamEvent> events = new ArrayList<>();
            LlmException error = catchThrowableOfType(LlmException.class, () -> stream.forEach(events::add));
            assertThat(error).as("error of the stream").isNotNull().isNotInstanceOf(CancelledException.class);
            assertThat(events).noneMatch(StreamEvent.Finished.class::isInstance);
            assertThat(error.partialText()).isNotBlank().isEqualTo(text(events));
            assertThat(error.getMessage()).doesNotContain(error.partialText());
            assertThatThrownBy(stream::response).as("error when read again").isInstanceOf(LlmException.class);
            hidesTheRequest(error);
        }
    }

    @Test
    public final void toolCallsComeWhole() {
        ChatModel model = supported(Answer.TOOL_CALL);
        ChatRequest request = request().toBuilder().tool(WEATHER).build();
        isToolCall(model.chat(request));
        try (ChatStream stream = model.stream(request)) {
            Map<Integer, String> arguments = new TreeMap<>();
            for (StreamEvent event : stream) {
                if (event instanceof StreamEvent.ToolCallDelta delta) {
                    arguments.merge(delta.index(), delta.arguments(), String::concat);
                }
            }
            ChatResponse response = stream.response();
            isToolCall(response);
            assertThat(arguments.values())
                    .containsExactlyElementsOf(response.toolCalls().stream()
                            .map(ToolCall::arguments)
                            .toList());
        }
    }

    private static void isToolCall(ChatResponse response) {
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(response.toolCalls()).isNotEmpty().allSatisfy(call -> {
            assertThat(call.id()).isNotBlank();
            assertThat(call.name()).isEqualTo("weather");
            assertThat(call.arguments()).contains("Oslo").startsWith("{").endsWith("}");
        });
        assertThat(response.toolCalls().stream().map(ToolCall::id)).doesNotHaveDuplicates();
    }

    @Test
    public final void whatTheModelCannotIsRefusedFirst() {
        ChatModel model = supported(Answer.TEXT);
        List<Capability> missing = Requests.CAPABILITIES.stream()
                .filter(capability -> !model.info().can(capability))
                .toList();
        Assumptions.assumeFalse(missing.isEmpty(), "capabilities: all (expected: one missing for this test)");
        for (Capability capability : missing) {
            ChatRequest asking = Requests.needing(capability, request());
            assertThatThrownBy(() -> model.chat(asking)).isInstanceOf(UnsupportedCapabilityException.class);
            assertThatThrownBy(() -> model.stream(asking)).isInstanceOf(UnsupportedCapabilityException.class);
        }
    }

    @Test
    public final void servesManyCallersAtOnce() throws Exception {
        ChatModel model = supported(Answer.TEXT);
        List<Boolean> answered = Together.run(Together.THREADS, thread -> () -> {
            boolean all = true;
            for (int i = 0; i < 4; i++) {
                ChatResponse response = (thread + i) % 2 == 0
                        ? model.chat(request())
                        : model.stream(request()).response();
                all &= !response.text().isBlank();
            }
            return all;
        });
        assertThat(answered).containsOnly(true);
    }

    @Test
    public final void knowsItselfWithoutACall() {
        ChatModel model = supported(Answer.TEXT);
        assertThat(model.info()).isEqualTo(model.info());
        assertThat(model.info().provider()).isNotBlank();
        assertThat(model.unwrap(ChatModel.class)).containsSame(model);
        assertThat(model.unwrap(ChatModelContract.class)).isEmpty();
    }

    @Test
    public final void runsWithoutTouchingTheCallersContext() {
        ChatModel model = supported(Answer.TEXT);
        CallContext context = CallContext.builder().session("s").build();
        context.run(() -> {
            model.chat(request());
            model.stream(request()).response();
            assertThat(CallContext.current()).isSameAs(context);
        });
        assertThat(CallContext.current()).isSameAs(CallContext.EMPTY);
    }
}
