package dev.plinth.providers.onnx;

import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** A clock that moves on by a millisecond with each look, and interrupts the one who looks for the n-th time. */
final class TickingTime implements TimeSource {
    private final int interruptAt;
    private int looks;

    TickingTime(int interruptAt) {
        this.interruptAt = interruptAt;
    }

    /** How often somebody looked. */
    int looks() {
        return looks;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH;
    }

    @Override
    public long nanos() {
        looks++;
        if (looks == interruptAt) {
            Thread.currentThread().interrupt();
        }
        return looks * 1_000_000L;
    }

    @Override
    public void sleep(Duration duration) {}
}
