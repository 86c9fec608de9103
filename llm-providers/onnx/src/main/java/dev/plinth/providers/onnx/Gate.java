package dev.plinth.providers.onnx;

import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.time.Deadline;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many callers at a time into the engine, and closes it only when the last one is out: freeing a native session
 * under a running call would take the JVM down.
 *
 * <p>Thread-safe. The semaphore is fair, so that a caller with many batches does not starve one with a single query.
 */
final class Gate {

    private final int permits;
    private final Semaphore turns;
    private final ErrorDetails details;
    private volatile boolean closed;
    private boolean freed; // guarded by all turns

    Gate(int permits, ErrorDetails details) {
        this.permits = permits;
        this.turns = new Semaphore(permits, true);
        this.details = details;
    }

    /** Waits for a turn; {@link #leave} must follow. */
    void enter(@Nullable Deadline deadline) {
        check(deadline);
        try {
            if (deadline == null) {
                turns.acquire();
            } else if (!turns.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw late();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("thread: interrupted (expected: not)", details, e);
        }
        if (closed) {
            turns.release();
            throw gone();
        }
    }

    void leave() {
        turns.release();
    }

    /** Fails if the work should not go on. */
    void check(@Nullable Deadline deadline) {
        if (closed) {
            throw gone();
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException("thread: interrupted (expected: not)", details, null);
        }
        if (deadline != null && deadline.expired()) {
            throw late();
        }
    }

    /** Refuses all who come, waits for those inside, and frees the engine, once. */
    void close(Runnable free) {
        closed = true;
        turns.acquireUninterruptibly(permits);
        try {
            if (!freed) {
                freed = true;
                free.run();
            }
        } finally {
            turns.release(permits);
        }
    }

    private TimedOutException late() {
        return new TimedOutException("deadline: reached (expected: time left for the next batch)", details, null);
    }

    private CancelledException gone() {
        return new CancelledException("model: closed (expected: open)", details, null);
    }
}
