package dev.plinth.providers.limit;

import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.limit.RateStore;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.usage.RateLimit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The way to one deployment under one key. Who has the turn takes from the buckets, or waits until it can; all others wait
 * for the turn.
 *
 * <p>Thread-safe.
 */
final class Gate {

    private final String deployment;
    private final Limit limit;
    private final Buckets buckets;
    private final TimeSource time;
    private final Turns turns = new Turns();

    private final Object lock = new Object();
    private final ReportedLimits reported = new ReportedLimits();
    private int running;
    private CountDownLatch change = new CountDownLatch(1);

    private volatile @Nullable Blocked blocked;

    /** What the caller whose turn it is waits for, and until when that is. */
    private record Blocked(Refusal refusal, @Nullable Deadline ready) {

        @Nullable
        Duration left() {
            return ready == null ? null : ready.remaining();
        }
    }

    Gate(String deployment, String names, Limit limit, RateStore store, TimeSource time) {
        this.deployment = deployment;
        this.limit = limit;
        this.buckets = new Buckets(names, limit, store);
        this.time = time;
    }

    /**
     * Waits until the call may be sent. What is returned has to be ended.
     *
     * @param patient whether to wait when the limit is used up; if not, the call only waits for those before it that pass
     * @param afterwards is done when the call has ended
     */
    Pass enter(Amounts need, String tenant, Deadline until, boolean patient, Runnable afterwards) {
        Turns.Turn turn = turns.join(tenant, buckets.charged(need), patient);
        try {
            awaitTurn(turn, until);
            awaitPass(need, until, patient);
            return send(need, afterwards);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new CancelledException(
                    "turn: interrupted (expected: a wait until it comes)", ErrorDetails.NONE, interruption);
        } finally {
            if (turn.isUp()) {
                blocked = null;
            }
            turns.leave(turn);
        }
    }

    private void awaitTurn(Turns.Turn turn, Deadline until) throws InterruptedException {
        if (turn.isUp()) {
            return;
        }
        Blocked now = blocked;
        Duration known = now == null ? null : expected(now, turn);
        if (now != null && (!turn.isPatient() || (known != null && known.compareTo(until.remaining()) > 0))) {
            throw refused(now.refusal(), known);
        }
        if (!until.await(turn.latch()) || turn.isRefused()) {
            Blocked then = blocked;
            throw then == null
                    ? refused(Refusal.of("turn: not yet", null), null)
                    : refused(then.refusal(), expected(then, turn));
        }
    }

    /** When the turn can come at the earliest: after all those have passed who are before it. */
    private @Nullable Duration expected(Blocked now, Turns.Turn turn) {
        Duration left = now.left();
        return left == null ? null : left.plus(now.refusal().after(turns.until(turn)));
    }

    private void awaitPass(Amounts need, Deadline until, boolean patient) throws InterruptedException {
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            CountDownLatch changed = change();
            Refusal refusal = refusal(need);
            if (refusal == null) {
                return;
            }
            Duration wait = refusal.delay();
            Duration left = until.remaining();
            if (!patient || left.isZero() || (wait != null && wait.compareTo(left) > 0)) {
                throw refused(refusal, wait);
            }
            blocked = new Blocked(refusal, wait == null ? null : Deadline.after(wait, time));
            turns.refuseImpatient();
            time.await(changed, wait == null ? left : wait);
        }
    }

    private @Nullable Refusal refusal(Amounts need) {
        synchronized (lock) {
            if (running >= limit.concurrent().orElse(Integer.MAX_VALUE)) {
                return Refusal.of("concurrent calls: " + running, null);
            }
            Refusal byReport = reported.refusal(need, time.nanos());
            if (byReport != null) {
                return byReport;
            }
        }
        return buckets.take(need); // nobody else takes a place meanwhile: one caller at a time has the turn
    }

    private Pass send(Amounts need, Runnable afterwards) {
        synchronized (lock) {
            running++;
            return new Pass(this, need, reported.send(need), afterwards);
        }
    }

    private RateLimitedException refused(Refusal refusal, @Nullable Duration wait) {
        String message = refusal.what() + " on " + deployment + " (expected: a turn in time)";
        return RateLimitedException.ofOwnLimit(
                message, ErrorDetails.builder().retryAfter(wait).build());
    }

    /** The end of a call: what it took is corrected by what it used, if that is known, and its place is free. */
    void leave(Amounts taken, @Nullable Amounts used) {
        try {
            buckets.settle(taken, used);
        } finally {
            synchronized (lock) {
                running--;
                changed();
            }
        }
    }

    void learn(List<RateLimit> limits, Amounts mark, long headAt) {
        if (!limits.isEmpty()) {
            synchronized (lock) {
                reported.learn(limits, mark, headAt);
                changed();
            }
        }
    }

    void pause(Duration span) {
        synchronized (lock) {
            reported.pause(span, time.nanos());
        }
    }

    long nanos() {
        return time.nanos();
    }

    /** How many calls run. */
    int running() {
        synchronized (lock) {
            return running;
        }
    }

    private CountDownLatch change() {
        synchronized (lock) {
            return change;
        }
    }

    private void changed() {
        change.countDown();
        change = new CountDownLatch(1);
    }
}
