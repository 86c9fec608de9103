package dev.plinth.api.batch;

import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks how far a batch is until it is over, less and less often: what an implementor of {@link ChatBatches#await} needs.
 *
 * <p>It waits 2 seconds after the first question, half as long again after each, up to a minute, all of it a fifth more
 * or less at random, so that processes which were started together do not ask together; and as long as an error says, if
 * that is longer.
 *
 * <p>Thread-safe.
 */
public final class BatchPolling {

    private static final Duration FIRST_WAIT = Duration.ofSeconds(2);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    private static final double JITTER = 0.2;

    private final TimeSource time;

    /** A polling that waits on this clock. */
    public BatchPolling(TimeSource time) {
        this.time = Check.notNull(time, "time");
    }

    /**
     * Asks until the batch is over. Errors that may pass do not end it.
     *
     * @param ask asks once, in an ambient context whose deadline ends with the limit
     * @param limit how long to ask at most; the deadline of the ambient context may come before
     * @param progress gets every answer
     * @return the batch, ended or failed
     * @throws TimedOutException if it is not over by then
     * @throws CancelledException if the thread is interrupted
     */
    public Batch untilOver(Supplier<Batch> ask, Duration limit, Consumer<? super Batch> progress) {
        Check.positive(limit, "limit");
        Check.notNull(progress, "progress");
        CallContext context = context(limit);
        Duration wait = FIRST_WAIT;
        while (true) {
            Batch batch = null;
            LlmException failure = null;
            try {
                batch = context.call(ask);
            } catch (LlmException exception) {
                if (!exception.isRetryable()) {
                    throw exception;
                }
                failure = exception;
            }
            if (batch != null) {
                progress.accept(batch);
                if (batch.isOver()) {
                    return batch;
                }
            }
            pause(wait, context, failure);
            wait = shorter(wait.multipliedBy(3).dividedBy(2), LONGEST_WAIT);
        }
    }

    /** The ambient context, with the limit as its deadline unless it has a nearer one. */
    private CallContext context(Duration limit) {
        CallContext ambient = CallContext.current();
        Deadline deadline = Deadline.after(limit, time);
        Optional<Deadline> nearer =
                ambient.deadline().filter(outer -> outer.remaining().compareTo(deadline.remaining()) < 0);
        return nearer.isPresent()
                ? ambient
                : ambient.toBuilder().deadline(deadline).build();
    }

    /** The last question comes when the time is up, not before. */
    private void pause(Duration wait, CallContext context, @Nullable LlmException failure) {
        Duration left = context.deadline().orElseThrow().remaining();
        if (left.isZero()) {
            throw new TimedOutException(
                    "batch: not over (expected: over by the end of the waiting)", ErrorDetails.NONE, failure);
        }
        double factor = 1 + JITTER * ThreadLocalRandom.current().nextDouble(-1, 1);
        Duration next = Duration.ofNanos((long) (wait.toNanos() * factor));
        if (failure != null) {
            Duration asked = failure.details().retryAfter().orElse(Duration.ZERO);
            next = asked.compareTo(next) > 0 ? asked : next;
        }
        try {
            time.sleep(shorter(next, left));
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new CancelledException(
                    "thread: interrupted (expected: not while it waits for a batch)", ErrorDetails.NONE, interruption);
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
