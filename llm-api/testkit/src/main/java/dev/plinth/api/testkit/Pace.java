package dev.plinth.api.testkit;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.util.Optional;

/** Waits as a model has to: interruptible, within the deadline of the context and a limit of its own. */
final class Pace {
    static final Duration FOREVER = Duration.ofDays(36_500);

    private final TimeSource time;
    private final CallContext context;

    Pace(TimeSource time, CallContext context) {
        this.time = time;
        this.context = context;
    }

    /** Refuses to begin when the thread is interrupted or the deadline has passed. */
    void begin() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException("thread: interrupted (expected: not before the call)");
        }
        if (context.deadline().map(Deadline::expired).orElse(false)) {
            throw timedOut("deadline", "not passed before the call");
        }
    }

    /** Waits this long, or throws when a limit comes first. */
    void pause(Duration wanted, Duration limit) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException("thread: interrupted (expected: not before the answer)");
        }
        Optional<Deadline> deadline = context.deadline();
        Duration left = deadline.map(Deadline::remaining).orElse(FOREVER);
        Duration allowed = left.compareTo(limit) < 0 ? left : limit;
        boolean tooLong = wanted.compareTo(allowed) > 0;
        try {
            time.sleep(tooLong ? allowed : wanted);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new CancelledException(
                    "thread: interrupted while it waited (expected: an answer)", ErrorDetails.NONE, interruption);
        }
        if (deadline.map(Deadline::expired).orElse(false)) {
            throw timedOut("deadline", "an answer before it");
        }
        if (tooLong) {
            throw timedOut("timeout", "an answer within " + limit);
        }
    }

    private static TimedOutException timedOut(String name, String expected) {
        return new TimedOutException(name + ": passed (expected: " + expected + ")");
    }
}
