package dev.plinth.providers.attempt;

import dev.plinth.api.check.Check;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps what is sent on top of the calls, retries or hedges, a small part of the traffic, so that a provider that fails is
 * not asked several times as much as one that works. Every call pays a share of a request in, every further request takes a
 * whole one out; what nobody takes is kept up to the reserve, which is there at the start.
 *
 * <p>Thread-safe.
 */
public final class TrafficBudget {

    private static final long ONE = 1_000_000;

    private final long share;
    private final long reserve;
    private final AtomicLong balance;

    /**
     * A budget with a full reserve.
     *
     * @param share further requests for each call, 0 to 1
     * @param reserve further requests that may come at once, at least 0
     */
    public TrafficBudget(double share, int reserve) {
        this.share = Math.round(Check.within(share, 0, 1, "share") * ONE);
        Check.that(reserve >= 0, "reserve", reserve, ">= 0");
        this.reserve = Math.max(reserve * ONE, share > 0 ? ONE : 0); // one must fit in, or none is ever saved up
        this.balance = new AtomicLong(reserve * ONE);
    }

    /** A call is made. */
    public void called() {
        balance.accumulateAndGet(share, (left, more) -> Math.min(reserve, left + more));
    }

    /** Whether a further request may be made; it is taken out. */
    public boolean take() {
        long left;
        do {
            left = balance.get();
            if (left < ONE) {
                return false;
            }
        } while (!balance.compareAndSet(left, left - ONE));
        return true;
    }
}
