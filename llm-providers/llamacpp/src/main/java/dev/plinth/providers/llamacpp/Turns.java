package dev.plinth.providers.llamacpp;

import dev.plinth.api.error.CancelledException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets one caller at a time to the engine, in the order in which they came.
 *
 * <p>Thread-safe.
 */
final class Turns {

    private final Semaphore turn = new Semaphore(1, true);
    private volatile boolean closed;

    /** Waits for a turn; {@link #leave} must follow, from any thread. */
    void enter(Limits limits) {
        limits.check();
        try {
            if (!turn.tryAcquire(limits.left().toNanos(), TimeUnit.NANOSECONDS)) {
                limits.check();
                throw new IllegalStateException("turn: none (expected: a limit that was met)");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw limits.interrupted(e);
        }
        if (closed) {
            turn.release();
            throw new CancelledException("model: closed (expected: open)", limits.details(), null);
        }
    }

    void leave() {
        turn.release();
    }

    /** Refuses all who wait or come. */
    void close() {
        closed = true;
    }
}
