package dev.plinth.tracing;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.function.Supplier;

/**
 * Keeps what goes wrong while telemetry is written away from the call that it is about: samplers, processors, redactors
 * and clocks are not ours. What was lost is counted.
 */
final class Guard {

    private final Labels labels;
    private final LongCounter failures;

    Guard(Meter meter, Labels labels) {
        this.labels = labels;
        this.failures = Instruments.counter(meter, "plinth.tracing.failures", "{failure}");
    }

    void run(Runnable work) {
        try {
            work.run();
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    /** What the work gives, or this if it fails. */
    <T> T get(Supplier<? extends T> work, T otherwise) {
        try {
            return work.get();
        } catch (Throwable failure) {
            failed(failure);
            return otherwise;
        }
    }

    /** Something went wrong that the call shall not hear of. */
    void failed(Throwable failure) {
        failed(TracedCall.typeOf(failure));
    }

    /** As {@link #failed(Throwable)}, when a word is known for it. */
    void failed(String errorType) {
        try {
            failures.add(1, Attributes.of(GenAi.ERROR_TYPE, labels.bounded(GenAi.ERROR_TYPE, errorType)));
        } catch (Throwable alsoCounting) {
            // Then nobody can be told.
        }
    }
}
