package dev.plinth.api.limit;

import dev.plinth.api.check.Check;
import java.time.Duration;

/**
 * So many in a period of time, as a bucket that holds that many, is full at first, and fills up again at an even pace.
 *
 * @param amount how many; at least 1
 * @param period a microsecond at least
 */
public record Rate(long amount, Duration period) {

    public Rate {
        Check.positive(amount, "amount");
        Check.positive(period, "period");
        long micros = period.toNanos() / 1000;
        Check.that(micros >= 1, "period", period, ">= 1 microsecond");
        // So that implementations count in whole numbers: the product is what fits in a long.
        Check.that(
                amount <= Long.MAX_VALUE / micros, "amount", amount, "<= " + Long.MAX_VALUE / micros + " in " + period);
    }

    /** So many in a minute. */
    public static Rate perMinute(long amount) {
        return new Rate(amount, Duration.ofMinutes(1));
    }

    /** So many in a second. */
    public static Rate perSecond(long amount) {
        return new Rate(amount, Duration.ofSeconds(1));
    }
}
