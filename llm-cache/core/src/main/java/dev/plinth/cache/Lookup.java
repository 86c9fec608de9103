package dev.plinth.cache;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Step;
import dev.plinth.api.context.Step.CacheLookup.Result;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One call's look for its answer: counted, and told to whoever traces the call. */
final class Lookup {

    private static final String NAME = "answers";

    private final Counts counts;
    private final CallContext context;
    private final TimeSource time;
    private final Instant startedAt;
    private final long startedNanos;
    private boolean storeFailed;

    Lookup(Counts counts, CallContext context, TimeSource time) {
        this.counts = counts;
        this.context = context;
        this.time = time;
        this.startedAt = time.now();
        this.startedNanos = time.nanos();
    }

    /** The answer was kept. */
    void hit(ChatResponse kept) {
        counts.hit(kept);
        report(Result.HIT, kept.usage(), kept.cost().orElse(null));
    }

    /** Another call for the same gave its answer. */
    void shared(ChatResponse other) {
        counts.shared(other);
        report(Result.SHARED, other.usage(), other.cost().orElse(null));
    }

    /** The model has to be asked. */
    void miss() {
        counts.miss();
        report(storeFailed ? Result.FAILED : Result.MISS, Usage.NONE, null);
    }

    /** The store could not tell. */
    void storeFailed() {
        storeFailed = true;
        counts.storeFailure();
    }

    private void report(Result result, Usage saved, @Nullable Cost savedCost) {
        Duration duration = Duration.ofNanos(time.nanos() - startedNanos);
        context.report(new Step.CacheLookup(NAME, result, startedAt, duration, saved, savedCost));
    }
}
