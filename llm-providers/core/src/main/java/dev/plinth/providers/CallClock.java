package dev.plinth.providers;

import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.time.Timeouts;
import dev.plinth.api.usage.Usage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;

/** The limits of one call, and which of them it met when it failed. */
final class CallClock {

    private static final Duration FOREVER = Duration.ofDays(36_500);

    private enum Phase {
        CONNECT,
        HEAD,
        FIRST,
        LATER
    }

    private final HttpCall call;
    private final Timeouts limits;
    private final TimeSource time;
    private final long start;
    private final Duration total;
    private final boolean deadlineFirst;
    private volatile boolean connectTimedOut;
    private volatile Phase phase = Phase.CONNECT;

    CallClock(HttpCall call, Timeouts limits, TimeSource time) {
        this.call = call;
        this.limits = limits;
        this.time = time;
        this.start = time.nanos();
        Optional<Deadline> deadline = call.deadline();
        Duration most = call.unhurried() ? FOREVER : limits.total();
        this.total = deadline.isPresent() ? deadline.get().cap(most) : most;
        this.deadlineFirst = total.compareTo(most) < 0;
    }

    /** How long the call may last in all; zero when it may not begin. */
    Duration total() {
        return total;
    }

    boolean streamed() {
        return call.streamed();
    }

    Duration betweenTokens() {
        return limits.betweenTokens();
    }

    ErrorDetails details() {
        return call.details();
    }

    TimeSource time() {
        return time;
    }

    Duration connect() {
        return limits.connect();
    }

    void connected() {
        phase = Phase.HEAD;
    }

    void headCame() {
        phase = Phase.FIRST;
    }

    /** Whether the head of an answer came, not whether its body did. */
    boolean hasHead() {
        return phase == Phase.FIRST || phase == Phase.LATER;
    }

    /** The limit to connect passed in a way that OkHttp does not tell from other failures. */
    void connectTimedOut() {
        connectTimedOut = true;
    }

    void dataCame() {
        phase = Phase.LATER;
    }

    /** What the failure means. Without a connection nothing was sent that could have been worked on. */
    LlmException failed(IOException exception, boolean cancelled) {
        LlmException failure = meaning(exception, cancelled);
        return phase == Phase.CONNECT ? failure.setPartial("", Usage.NONE) : failure;
    }

    private LlmException meaning(IOException exception, boolean cancelled) {
        ErrorDetails details = call.details();
        if (Thread.currentThread().isInterrupted()) {
            return new CancelledException("thread: interrupted (expected: an answer first)", details, exception);
        }
        if (connectTimedOut || exception instanceof InterruptedIOException || outOfTime()) {
            return new TimedOutException(met(), details, exception);
        }
        if (cancelled) {
            return new CancelledException("call: closed (expected: open until its end)", details, exception);
        }
        String what = exception.getMessage();
        String message = exception.getClass().getSimpleName() + (what == null ? "" : ": " + what);
        return new TransportException("connection: " + message + " (expected: an answer)", details, exception);
    }

    private boolean outOfTime() {
        return time.nanos() - start >= total.toNanos();
    }

    private String met() {
        if (outOfTime()) {
            return (deadlineFirst ? "deadline: " : "timeouts.total: ") + total + " passed (expected: the whole answer)";
        }
        if (connectTimedOut || phase == Phase.CONNECT) {
            return "timeouts.connect: " + limits.connect() + " passed (expected: a connection)";
        }
        if (!call.streamed()) {
            return "timeouts.total: " + limits.total() + " passed (expected: the whole answer)";
        }
        return phase == Phase.LATER
                ? "timeouts.betweenTokens: " + limits.betweenTokens() + " passed (expected: the next token)"
                : "timeouts.firstToken: " + limits.firstToken() + " passed (expected: the first token)";
    }
}
