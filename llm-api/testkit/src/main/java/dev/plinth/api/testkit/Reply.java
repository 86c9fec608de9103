package dev.plinth.api.testkit;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.check.Check;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ScriptedChatModel} answers, how it is cut into a stream, how long it takes and how it breaks.
 *
 * <pre>{@code
 * Reply.text("Blue light scatters most.").cut("Blue ", "light ", "scatters most.").every(Duration.ofMillis(50));
 * Reply.text("Blue light").breakingAfter(1, () -> new TransportException("connection: reset"));
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class Reply {
    /** What comes after the last event. */
    enum End {
        FINISH,
        ERROR,
        TRUNCATE,
        STALL
    }

    final ChatResponse response;
    final Cut cut;
    final Duration delay;
    final Duration pause;
    final int events;
    final End end;
    final Supplier<? extends RuntimeException> error;

    private Reply(
            ChatResponse response,
            Cut cut,
            Duration delay,
            Duration pause,
            int events,
            End end,
            @Nullable Supplier<? extends RuntimeException> error) {
        this.response = response;
        this.cut = cut;
        this.delay = delay;
        this.pause = pause;
        this.events = events;
        this.end = end;
        this.error = error == null ? Reply::truncated : error;
    }

    /** Answers with this response. */
    public static Reply of(ChatResponse response) {
        Check.notNull(response, "response");
        return new Reply(response, Cut.WORDS, Duration.ZERO, Duration.ZERO, Integer.MAX_VALUE, End.FINISH, null);
    }

    /** Answers with this text. */
    public static Reply text(String text) {
        return of(ChatResponse.of(text));
    }

    /** Asks for this tool; the id of the call is {@code call-1}. */
    public static Reply toolCall(String name, String arguments) {
        return toolCalls(new ToolCall("call-1", name, arguments));
    }

    /** Asks for these tools. */
    public static Reply toolCalls(ToolCall... calls) {
        return of(ChatResponse.builder()
                .message(Message.assistant(Check.notEmpty(List.of(calls), "calls")))
                .finishReason(FinishReason.TOOL_CALLS)
                .build());
    }

    /** Fails before the first event, plain or streamed alike. */
    public static Reply error(Supplier<? extends LlmException> error) {
        return text("").breakingAfter(0, error);
    }

    /** Never answers: waits until the stream is closed, the thread interrupted or a limit of time reached. */
    public static Reply stall() {
        return text("").stallingAfter(0);
    }

    /** The same answer with this usage. */
    public Reply usage(Usage usage) {
        ChatResponse counted = response.toBuilder().usage(usage).build();
        return new Reply(counted, cut, delay, pause, events, end, error);
    }

    /**
     * The same answer, its text streamed in these pieces.
     *
     * @param deltas not empty; together the text of the answer
     */
    public Reply cut(String... deltas) {
        List<String> pieces = List.of(deltas);
        Check.that(String.join("", pieces).equals(response.text()), "deltas", pieces, "the text of the answer");
        Check.that(!pieces.contains(""), "deltas", pieces, "no empty one");
        return new Reply(response, Cut.given(pieces), delay, pause, events, end, error);
    }

    /** The same answer, texts and arguments streamed in pieces of random length; the same ones for the same seed. */
    public Reply cutRandomly(long seed) {
        return new Reply(response, Cut.random(seed), delay, pause, events, end, error);
    }

    /** The same answer, after this time. */
    public Reply after(Duration delay) {
        Check.that(!delay.isNegative(), "delay", delay, ">= 0");
        return new Reply(response, cut, delay, pause, events, end, error);
    }

    /** The same answer, with this time before every event of its stream but the first. */
    public Reply every(Duration pause) {
        Check.that(!pause.isNegative(), "pause", pause, ">= 0");
        return new Reply(response, cut, delay, pause, events, end, error);
    }

    /** The same answer, failing after this many events; a plain call fails at once. */
    public Reply breakingAfter(int events, Supplier<? extends LlmException> error) {
        return ending(events, End.ERROR, Check.notNull(error, "error"));
    }

    /** The same answer, ending without a finish after this many events; a plain call fails at once. */
    public Reply truncatedAfter(int events) {
        return ending(events, End.TRUNCATE, Reply::truncated);
    }

    /** The same answer, standing still after this many events; a plain call never answers. */
    public Reply stallingAfter(int events) {
        return ending(events, End.STALL, Reply::truncated);
    }

    private Reply ending(int events, End end, Supplier<? extends RuntimeException> error) {
        Check.that(events >= 0, "events", events, ">= 0");
        return new Reply(response, cut, delay, pause, events, end, error);
    }

    private static MalformedResponseException truncated() {
        return new MalformedResponseException("answer: ended without a finish (expected: a finish)");
    }

    /** Names what is answered, without its content. */
    @Override
    public String toString() {
        return "Reply[" + end + ", " + response + "]";
    }
}
