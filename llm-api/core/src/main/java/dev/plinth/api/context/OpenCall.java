package dev.plinth.api.context;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A sub-call that runs. It ends once; a second end is passed over.
 *
 * <p>Thread-safe.
 */
public final class OpenCall {

    private final Interaction interaction;
    private final String id;
    private final SubCall.Kind kind;
    private final String name;
    private final CallContext context;
    private final TimeSource time;
    private final Instant startedAt;
    private final long startedNanos;
    private final AtomicBoolean ended = new AtomicBoolean();

    OpenCall(Interaction interaction, String id, SubCall.Kind kind, String name, CallContext context, TimeSource time) {
        this.interaction = interaction;
        this.id = id;
        this.kind = Check.notNull(kind, "kind");
        this.name = Check.notNull(name, "name");
        this.context = Check.notNull(context, "context");
        this.time = time;
        this.startedAt = time.now();
        this.startedNanos = time.nanos();
    }

    /** The context for the calls within this one. */
    public CallContext childContext() {
        return context.toBuilder().call(id).build();
    }

    /**
     * The call succeeded.
     *
     * @param answeredBy what really answered; null: not known
     * @param cost null: not known
     * @param cached whether the answer came out of a cache
     */
    public void done(@Nullable String answeredBy, Usage usage, @Nullable Cost cost, boolean cached) {
        end(answeredBy, usage, cost, cached, null);
    }

    /**
     * The call failed. What it had used by then is told by an {@link LlmException}, and what that cost by its attempts, if
     * they are all that used something.
     */
    public void failed(Throwable failure) {
        if (failure instanceof LlmException known) {
            end(null, known.partialUsage(), cost(known), false, known.code());
        } else {
            end(null, Usage.UNKNOWN, null, false, failure.getClass().getSimpleName());
        }
    }

    /** Not known when something was used outside of the attempts, such as by the part of a request that is done. */
    private static @Nullable Cost cost(LlmException failure) {
        Usage used = failure.attempts().stream().map(Attempt::usage).reduce(Usage.NONE, Usage::plus);
        return used.equals(failure.partialUsage())
                ? Attempt.totalCost(failure.attempts()).orElse(null)
                : null;
    }

    /** The caller gave the call up. */
    public void cancelled() {
        end(null, Usage.UNKNOWN, null, false, "cancelled");
    }

    private void end(
            @Nullable String answeredBy, Usage usage, @Nullable Cost cost, boolean cached, @Nullable String error) {
        if (ended.compareAndSet(false, true)) {
            Duration duration = Duration.ofNanos(time.nanos() - startedNanos);
            String parent = context.call().orElse(null);
            interaction.record(
                    new SubCall(id, parent, kind, name, answeredBy, startedAt, duration, usage, cost, cached, error));
        }
    }
}
