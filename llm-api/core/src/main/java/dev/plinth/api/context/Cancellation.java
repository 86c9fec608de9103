package dev.plinth.api.context;

import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.time.Deadline;

/** For what runs on the thread of its caller: nobody waits any more for a call that is interrupted or late. */
public final class Cancellation {
    private Cancellation() {}

    /** Whether the thread was interrupted, or the deadline of the current context has passed. */
    public static boolean isDue() {
        return Thread.currentThread().isInterrupted() || isLate();
    }

    /**
     * Goes on unless it {@link #isDue}.
     *
     * @throws CancelledException if the thread was interrupted; its flag stays set
     * @throws TimedOutException if the deadline has passed
     */
    public static void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException("thread: interrupted (expected: not before the call has ended)");
        }
        if (isLate()) {
            throw new TimedOutException("deadline: passed (expected: not before the call has ended)");
        }
    }

    private static boolean isLate() {
        return CallContext.current().deadline().map(Deadline::expired).orElse(false);
    }
}
