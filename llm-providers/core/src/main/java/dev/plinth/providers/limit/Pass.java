package dev.plinth.providers.limit;

import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.ModelNotFoundException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.QuotaExhaustedException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.usage.RateLimit;
import dev.plinth.api.usage.Usage;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One call on its way, which ends once: then what was taken for it is corrected by what it used. Thread-safe. */
final class Pass {

    private final Gate gate;
    private final Amounts taken;
    private final Amounts mark;
    private final Runnable afterwards;
    private final AtomicBoolean ended = new AtomicBoolean();

    Pass(Gate gate, Amounts taken, Amounts mark, Runnable afterwards) {
        this.gate = gate;
        this.taken = taken;
        this.mark = mark;
        this.afterwards = afterwards;
    }

    /**
     * The call was answered.
     *
     * @param headAt when the answer's head came, on the gate's clock
     */
    void answered(Usage usage, List<RateLimit> limits, long headAt) {
        if (ended.compareAndSet(false, true)) {
            gate.learn(limits, mark, headAt);
            leave(known(usage));
        }
    }

    /** The call failed. */
    void failed(Throwable failure) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        if (failure instanceof LlmException known) {
            gate.learn(known.details().rateLimits(), mark, gate.nanos());
            if (known instanceof RateLimitedException) {
                known.details().retryAfter().ifPresent(gate::pause);
            }
            leave(usedBy(known));
        } else {
            leave(null);
        }
    }

    /** The call was given up: what it used by then is not known, so what was taken stays taken. */
    void cancelled() {
        if (ended.compareAndSet(false, true)) {
            leave(null);
        }
    }

    private void leave(@Nullable Amounts used) {
        try {
            gate.leave(taken, used);
        } catch (LlmException kept) {
            // The answer, or the error, is worth more than the correction: what was taken stays taken, and the next
            // call
            // meets the same store.
        } finally {
            afterwards.run();
        }
    }

    /** What is known was used, with the estimate of what is not; null: nothing is known. */
    private @Nullable Amounts known(Usage usage) {
        if (usage.input().isEmpty() && usage.output().isEmpty()) {
            return null;
        }
        return new Amounts(
                taken.requests(),
                usage.input().orElse(taken.input()),
                usage.output().orElse(taken.output()));
    }

    private @Nullable Amounts usedBy(LlmException failure) {
        if (failure instanceof UnsupportedCapabilityException || failure instanceof DeniedException) {
            return Amounts.NONE; // refused on this side, before anything was sent
        }
        Amounts used = known(failure.partialUsage());
        boolean answeredNothing = used == null && failure.partialText().isEmpty();
        return answeredNothing && isRefusal(failure) ? new Amounts(taken.requests(), 0, 0) : used;
    }

    /** What a provider answers instead of running the model. */
    private static boolean isRefusal(LlmException failure) {
        return failure instanceof RateLimitedException
                || failure instanceof OverloadedException
                || failure instanceof QuotaExhaustedException
                || failure instanceof AuthenticationException
                || failure instanceof InvalidRequestException
                || failure instanceof ContextTooLongException
                || failure instanceof ModelNotFoundException;
    }
}
