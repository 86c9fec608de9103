package dev.plinth.api.context;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A sub-call that runs. It ends once; a second end is passed over.
 *
 * <p>Thread-safe.
 */
public final class OpenCall implements Step.Listener {

    private final Interaction interaction;
    private final String id;
    private final SubCall.Kind kind;
    private final String name;
    private final CallContext context;
    private final TimeSource time;
    private final Instant startedAt;
    private final long startedNanos;
    private final List<Step> steps = new CopyOnWriteArrayList<>();
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

    /** The context for the calls within this one, and for what reports its steps. */
    public CallContext childContext() {
        return context.toBuilder().call(id).attachment(OpenCall.class, this).build();
    }

    /** A layer did something for this call; after its end, it is passed over. */
    @Override
    public void ended(Step step) {
        steps.add(Check.notNull(step, "step"));
    }

    /**
     * The call succeeded.
     *
     * @param answeredBy what really answered; null: not known
     * @param cost null: not known
     * @param cached whether the answer came out of a cache
     */
    public void done(@Nullable String answeredBy, Usage usage, @Nullable Cost cost, boolean cached) {
        done(answeredBy, usage, cost, cached, List.of());
    }

    /**
     * The call succeeded, as {@link #done(String, Usage, Cost, boolean)}.
     *
     * @param attempts all that was tried; none when nobody tried again or chose
     */
    public void done(
            @Nullable String answeredBy, Usage usage, @Nullable Cost cost, boolean cached, List<Attempt> attempts) {
        end(answeredBy, usage, cost, cached, null, attempts);
    }

    /**
     * The call failed. What a model had used by then is told by an {@link LlmException}, and what that cost by its attempts,
     * if they are all that used something. A retrieval or a tool uses nothing itself: the calls of models within it are
     * calls of their own.
     */
    public void failed(Throwable failure) {
        LlmException known = failure instanceof LlmException exception ? exception : null;
        String error = known == null ? failure.getClass().getSimpleName() : known.code();
        if (kind == SubCall.Kind.RETRIEVAL || kind == SubCall.Kind.TOOL) {
            end(null, Usage.NONE, null, false, error, List.of());
        } else if (known == null) {
            end(null, Usage.UNKNOWN, null, false, error, List.of());
        } else {
            end(null, known.partialUsage(), known.cost().orElse(null), false, error, known.attempts());
        }
    }

    /**
     * The caller gave the call up.
     *
     * @param told what a thread was told that waited, with what had been used by then; null: nobody knows
     */
    public void cancelled(@Nullable CancelledException told) {
        if (told == null) {
            end(null, Usage.UNKNOWN, null, false, "cancelled", List.of());
        } else {
            failed(told);
        }
    }

    private void end(
            @Nullable String answeredBy,
            Usage usage,
            @Nullable Cost cost,
            boolean cached,
            @Nullable String error,
            List<Attempt> attempts) {
        if (ended.compareAndSet(false, true)) {
            Duration duration = Duration.ofNanos(time.nanos() - startedNanos);
            interaction.record(new SubCall(
                    id,
                    context.call().orElse(null),
                    kind,
                    name,
                    answeredBy,
                    startedAt,
                    duration,
                    usage,
                    cost,
                    cached,
                    error,
                    attempts,
                    steps));
        }
    }
}
