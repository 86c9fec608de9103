package dev.plinth.evals;

import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** A clock that moves on by a step each time somebody looks. */
final class ManualTime implements TimeSource {

    private final long stepNanos;
    private long nanos;

    ManualTime(Duration step) {
        this.stepNanos = step.toNanos();
    }

    @Override
    public Instant now() {
        return Instant.parse("2026-03-01T10:00:00Z").plusNanos(nanos);
    }

    @Override
    public long nanos() {
        nanos += stepNanos;
        return nanos;
    }

    @Override
    public void sleep(Duration duration) {
        nanos += duration.toNanos();
    }
}
