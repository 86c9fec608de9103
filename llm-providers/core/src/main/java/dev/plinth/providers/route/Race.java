package dev.plinth.providers.route;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Attempts side by side, of which the first to answer wins. The caller's thread waits; the others are cancelled by
 * interrupting their threads, which closes their sockets.
 *
 * @param <R> what an attempt answers
 */
final class Race<R> {

    private static final Duration FOREVER = Duration.ofDays(36_500);

    private final Executor executor;
    private final CallContext context;
    private final TimeSource time;
    private final Function<TargetAttempt, R> ask;
    private final BiConsumer<TargetAttempt, @Nullable R> lose;
    private final CountDownLatch settled = new CountDownLatch(1);
    private final List<Runner> runners = new ArrayList<>();
    private int running;
    private boolean over;
    private @Nullable Runner winner;

    /**
     * A race that has not begun.
     *
     * @param ask makes an attempt and tells how it failed; a success is told to the winner only
     * @param lose tells an attempt that another one was faster, and gives up its answer if there is one
     */
    Race(
            Executor executor,
            CallContext context,
            TimeSource time,
            Function<TargetAttempt, R> ask,
            BiConsumer<TargetAttempt, @Nullable R> lose) {
        this.executor = executor;
        this.context = context;
        this.time = time;
        this.ask = ask;
        this.lose = lose;
    }

    /** Starts one more attempt, unless the race is decided or the executor takes no more. */
    boolean start(TargetAttempt attempt) {
        Runner runner = new Runner(attempt);
        synchronized (this) {
            if (over || settled.getCount() == 0) {
                return false;
            }
            runners.add(runner);
            running++;
        }
        try {
            executor.execute(runner.task);
            return true;
        } catch (RejectedExecutionException full) {
            synchronized (this) {
                runners.remove(runner);
            }
            ended(null);
            return false;
        }
    }

    /**
     * Whether the executor has begun the first attempt. If not, it is made here and now: an executor without room, or one
     * that has dropped its work, must not keep a call waiting.
     */
    boolean hasBegun() {
        Runner first = runners.get(0);
        if (first.begun) {
            return true;
        }
        first.task.run(); // does nothing if the executor begins it in this moment
        return false;
    }

    /** Whether the race is decided within this time and before the deadline: somebody won, or everybody failed. */
    boolean isDecided(Duration limit) {
        try {
            return time.await(
                    settled,
                    context.deadline().map(deadline -> deadline.cap(limit)).orElse(limit));
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            cancelOthers(null);
            throw new CancelledException(
                    "thread: interrupted (expected: an answer first)",
                    runners.get(0).attempt.details(),
                    interruption);
        }
    }

    /**
     * Waits for the end, or for the deadline.
     *
     * @return the answer; null when all failed
     */
    @Nullable
    R result() {
        boolean decided = isDecided(FOREVER);
        Runner first;
        synchronized (this) {
            first = winner;
        }
        cancelOthers(first);
        if (first == null && !decided) {
            throw new TimedOutException(
                    "deadline: passed (expected: an answer before it)",
                    runners.get(0).attempt.details(),
                    null);
        }
        return first == null ? null : first.result;
    }

    /** One attempt that failed, and how. */
    record Failed(TargetAttempt attempt, LlmException failure) {}

    /** The attempts that failed, in the order they were started. */
    synchronized List<Failed> failures() {
        List<Failed> failures = new ArrayList<>();
        for (Runner runner : runners) {
            if (runner.failure instanceof LlmException known) {
                failures.add(new Failed(runner.attempt, known));
            } else if (runner.failure != null) {
                Race.<RuntimeException>rethrow(runner.failure);
            }
        }
        return failures;
    }

    /** Whatever it is: Kotlin knows no checked exceptions, so a model may throw one. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void rethrow(Throwable failure) throws T {
        throw (T) failure;
    }

    /** Who won. */
    synchronized @Nullable TargetAttempt winner() {
        return winner == null ? null : winner.attempt;
    }

    private void cancelOthers(@Nullable Runner except) {
        List<Runner> others;
        synchronized (this) {
            over = true;
            others = List.copyOf(runners);
        }
        for (Runner runner : others) {
            if (runner != except) {
                lose.accept(runner.attempt, runner.result);
                runner.task.cancel(true);
            }
        }
    }

    /** Whether this runner has won. */
    private boolean ended(@Nullable Runner answered) {
        synchronized (this) {
            running--;
            boolean wins = answered != null && winner == null && !over;
            if (wins) {
                winner = answered;
            }
            if (wins || running == 0) {
                settled.countDown();
            }
            return wins;
        }
    }

    private final class Runner {
        private final TargetAttempt attempt;
        private final FutureTask<Void> task;
        private volatile boolean begun;
        private volatile @Nullable R result;
        private volatile @Nullable Throwable failure;

        Runner(TargetAttempt attempt) {
            this.attempt = attempt;
            this.task = new FutureTask<>(() -> context.run(this::run), null);
        }

        private void run() {
            begun = true;
            R answer;
            try {
                answer = ask.apply(attempt);
            } catch (Throwable exception) {
                failure = exception;
                ended(null);
                return;
            }
            result = answer;
            if (!ended(this)) {
                lose.accept(attempt, answer);
            }
        }
    }
}
