package dev.plinth.api.testkit;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.TransportException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One way in which a provider fails. A {@link FaultPlan} says which calls it strikes.
 *
 * <p>Immutable and thread-safe.
 */
public final class Fault {

    /** The ways, for servers that put them into bytes of their own. */
    public enum Kind {
        /** Too many calls: 429. */
        RATE_LIMITED,
        /** No room: 503. */
        OVERLOADED,
        /** The right answer, late. */
        SLOW,
        /** The connection breaks before the answer. */
        RESET,
        /** The answer breaks off in the middle. */
        TRUNCATED,
        /** An answer that nobody can read. */
        GARBAGE,
        /** An answer with nothing in it. */
        EMPTY,
        /** The answer of another model. */
        WRONG_MODEL,
        /** The answer stands still, the connection open, until the client gives up. */
        STALLED,
        /** An error of the test's own, which only a layer can throw. */
        ERROR
    }

    private final Kind kind;
    private final Duration delay;
    private final @Nullable Supplier<? extends LlmException> error;

    private Fault(Kind kind, Duration delay, @Nullable Supplier<? extends LlmException> error) {
        this.kind = kind;
        this.delay = delay;
        this.error = error;
    }

    private static Fault of(Kind kind) {
        return new Fault(kind, Duration.ZERO, null);
    }

    /** Too many calls, and no word about when to come back. */
    public static Fault rateLimited() {
        return of(Kind.RATE_LIMITED);
    }

    /** Too many calls, to be made again after this time. */
    public static Fault rateLimited(Duration retryAfter) {
        return new Fault(Kind.RATE_LIMITED, Check.positive(retryAfter, "retryAfter"), null);
    }

    /** No room for the call. */
    public static Fault overloaded() {
        return of(Kind.OVERLOADED);
    }

    /** The right answer, after this time. */
    public static Fault slow(Duration latency) {
        return new Fault(Kind.SLOW, Check.positive(latency, "latency"), null);
    }

    /** The connection breaks before the answer. */
    public static Fault reset() {
        return of(Kind.RESET);
    }

    /** The answer breaks off in the middle: a stream after its first text. */
    public static Fault truncated() {
        return of(Kind.TRUNCATED);
    }

    /** An answer that nobody can read. */
    public static Fault garbage() {
        return of(Kind.GARBAGE);
    }

    /** An answer with nothing in it. */
    public static Fault empty() {
        return of(Kind.EMPTY);
    }

    /** The answer says that another model made it. */
    public static Fault wrongModel() {
        return of(Kind.WRONG_MODEL);
    }

    /** The answer stands still until the caller gives up. */
    public static Fault stalled() {
        return of(Kind.STALLED);
    }

    /** Fails with this error; for layers only. */
    public static Fault error(Supplier<? extends LlmException> error) {
        return new Fault(Kind.ERROR, Duration.ZERO, Check.notNull(error, "error"));
    }

    /** One of each way that a server can fail in; limited and slow by a second. */
    public static List<Fault> all() {
        Duration second = Duration.ofSeconds(1);
        return List.of(
                rateLimited(),
                rateLimited(second),
                overloaded(),
                slow(second),
                reset(),
                truncated(),
                garbage(),
                empty(),
                wrongModel(),
                stalled());
    }

    /** In which way. */
    public Kind kind() {
        return kind;
    }

    /** When to come back, or how late the answer is; zero: not said. */
    public Duration delay() {
        return delay;
    }

    /**
     * What a server says that fails in this way, in place of the right answer.
     *
     * @throws IllegalArgumentException if only a layer can fail in this way
     */
    public StubAnswer strike(StubAnswer right) {
        return FaultyAnswer.of(this, right);
    }

    /** The error that a caller sees; null: it gets an answer, or waits for one. */
    @Nullable
    LlmException failure(ErrorDetails.Builder details) {
        return switch (kind) {
            case RATE_LIMITED ->
                new RateLimitedException(
                        "fault: rate limited (expected: an answer)",
                        details.httpStatus(429)
                                .retryAfter(delay.isZero() ? null : delay)
                                .build(),
                        null);
            case OVERLOADED ->
                new OverloadedException(
                        "fault: overloaded (expected: an answer)",
                        details.httpStatus(503).build(),
                        null);
            case RESET ->
                new TransportException("fault: connection reset (expected: an answer)", details.build(), null);
            case TRUNCATED ->
                new TransportException(
                        "fault: answer cut short (expected: all of it)",
                        details.httpStatus(200).build(),
                        null);
            case GARBAGE ->
                new MalformedResponseException(
                        "fault: garbage (expected: an answer)",
                        details.httpStatus(200).build(),
                        null);
            case ERROR -> error == null ? null : error.get();
            case SLOW, EMPTY, WRONG_MODEL, STALLED -> null;
        };
    }

    @Override
    public String toString() {
        return "Fault[" + kind + (delay.isZero() ? "" : ", " + delay) + "]";
    }
}
