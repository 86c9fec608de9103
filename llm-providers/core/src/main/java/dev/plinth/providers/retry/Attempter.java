package dev.plinth.providers.retry;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.layer.Admission;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.time.Deadline;
import dev.plinth.providers.attempt.AttemptLog;
import dev.plinth.providers.attempt.Patience;
import dev.plinth.providers.attempt.TrafficBudget;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes the attempts of calls to one model, and decides whether there is another one.
 *
 * <p>Thread-safe.
 */
final class Attempter {

    /** One attempt; may be made again. */
    @FunctionalInterface
    interface Attempt<R> {
        R make(AttemptLog.Open open);
    }

    private final Retries settings;
    private final TrafficBudget budget;

    Attempter(Retries settings) {
        this.settings = settings;
        this.budget = new TrafficBudget(settings.budgetShare, settings.budgetReserve);
    }

    AttemptLog newLog() {
        return new AttemptLog(settings.time);
    }

    /**
     * The first attempt that succeeds; the last failure, with all that was tried, when none does.
     *
     * @param asked who is asked, for which model
     */
    <R> R run(ModelInfo asked, CallContext context, AttemptLog log, Attempt<R> attempt) {
        budget.called();
        String why = "first attempt";
        for (int made = 1; ; made++) {
            AttemptLog.Open open = log.begin(null, asked.provider(), asked.model(), why);
            try {
                return attempt.make(open);
            } catch (LlmException failure) {
                open.failed(failure);
                Optional<Duration> wait = waitAfter(made, failure, context);
                if (wait.isEmpty()) {
                    throw made == 1 ? failure : log.whole(failure);
                }
                sleep(wait.get(), failure, log);
                requireStillAllowed(asked, context, failure, log);
                why = "retry after " + failure.code();
            }
        }
    }

    /** How long to wait for the next attempt; empty when there is none. */
    private Optional<Duration> waitAfter(int made, LlmException failure, CallContext context) {
        if (made >= settings.maxAttempts
                || isOwnLimit(failure)
                || failure instanceof CancelledException
                || !settings.retryable.test(failure)
                || Patience.of(context) == Patience.NONE) {
            return Optional.empty();
        }
        Optional<Duration> asked = failure.details().retryAfter();
        if (asked.isPresent() && asked.get().compareTo(settings.maxWait) > 0) {
            return Optional.empty();
        }
        Duration wait = asked.orElseGet(() -> settings.backoff.after(made, settings.random));
        Optional<Deadline> deadline = context.deadline();
        if (deadline.isPresent() && deadline.get().remaining().compareTo(wait) <= 0) {
            return Optional.empty();
        }
        return budget.take() ? Optional.of(wait) : Optional.empty();
    }

    /** It has waited for its turn already, as long as it was to. */
    private static boolean isOwnLimit(LlmException failure) {
        return failure instanceof RateLimitedException limited && limited.isOwnLimit();
    }

    /** Policy may have changed since the first attempt. */
    private static void requireStillAllowed(
            ModelInfo asked, CallContext context, LlmException failure, AttemptLog log) {
        Optional<DeniedException> denied = Admission.refusal(asked, context);
        if (denied.isPresent()) {
            denied.get().addSuppressed(failure);
            throw log.whole(denied.get());
        }
    }

    private void sleep(Duration wait, LlmException failure, AttemptLog log) {
        try {
            settings.time.sleep(wait);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            CancelledException cancelled = new CancelledException(
                    "thread: interrupted before a retry (expected: the retry)", failure.details(), interruption);
            cancelled.addSuppressed(failure);
            throw log.whole(cancelled);
        }
    }
}
