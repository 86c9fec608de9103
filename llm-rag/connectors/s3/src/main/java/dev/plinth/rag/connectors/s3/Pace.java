package dev.plinth.rag.connectors.s3;

import dev.plinth.api.error.CancelledException;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Lets requests through at an even pace: each waits until it is its turn. Thread-safe. */
final class Pace {
    private final @Nullable Duration between;
    private final TimeSource time;
    private long next;

    /** @param between how long from one to the next; null: no limit */
    Pace(@Nullable Duration between, TimeSource time) {
        this.between = between;
        this.time = time;
        this.next = time.nanos();
    }

    void await(String source) {
        if (between == null) {
            return;
        }
        long wait;
        synchronized (this) {
            long now = time.nanos();
            wait = Math.max(0, next - now);
            next = now + wait + between.toNanos();
        }
        try {
            time.sleep(Duration.ofNanos(wait));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("thread: interrupted (expected: not before " + source + " was read)");
        }
    }
}
