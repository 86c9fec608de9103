package dev.plinth.providers.limit;

import dev.plinth.api.limit.Rate;
import java.time.Duration;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Why a call has to wait.
 *
 * @param what the limit, such as {@code requests per minute: 600}
 * @param delay how long; null: until another call ends
 * @param pace at which callers pass after that; null: not known
 * @param counted what of a call the pace is of
 */
record Refusal(
        String what, @Nullable Duration delay, @Nullable Rate pace, ToLongFunction<Amounts> counted) {

    static Refusal of(String what, @Nullable Duration delay) {
        return new Refusal(what, delay, null, Amounts::requests);
    }

    /** How long after the first one who waits those can pass who need so much together, at the earliest. */
    Duration after(Amounts ahead) {
        if (pace == null) {
            return Duration.ZERO;
        }
        double periods = (double) counted.applyAsLong(ahead) / pace.amount();
        double nanos = Math.floor(periods * pace.period().toNanos());
        return Duration.ofNanos((long) Math.min(nanos, Long.MAX_VALUE));
    }
}
