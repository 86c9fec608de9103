package dev.plinth.api.usage;

import dev.plinth.api.check.Check;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One try at a call: where it went, why there, and what became of it. A call that is repeated, falls back or is hedged has
 * several.
 *
 * @param deployment the router's name of where it went; null: no router chose
 * @param provider who was asked
 * @param model what was asked for there
 * @param why it was made, in words for a person, such as {@code first choice}, {@code retry after overloaded} or
 *     {@code fallback from eu-west: rate_limited}
 * @param startedAt when it began
 * @param duration until its end
 * @param error stable code of the error; {@code cancelled} when it was given up; null: it answered
 * @param usage of this attempt alone
 * @param cost of this attempt alone; null: not known
 */
public record Attempt(
        @Nullable String deployment,
        String provider,
        String model,
        String why,
        Instant startedAt,
        Duration duration,
        @Nullable String error,
        Usage usage,
        @Nullable Cost cost) {

    private static final String CANCELLED = "cancelled";

    public Attempt {
        Check.notBlank(provider, "provider");
        Check.notBlank(model, "model");
        Check.notBlank(why, "why");
        Check.notNull(startedAt, "startedAt");
        Check.notNull(duration, "duration");
        Check.notNull(usage, "usage");
    }

    /** Whether it answered. */
    public boolean succeeded() {
        return error == null;
    }

    /** Whether it was given up, such as for another one that was faster. */
    public boolean cancelled() {
        return CANCELLED.equals(error);
    }

    /** The same attempt at a cost. */
    public Attempt withCost(@Nullable Cost cost) {
        return new Attempt(deployment, provider, model, why, startedAt, duration, error, usage, cost);
    }

    /** Whether these are all that used something: together they used as much as this. */
    public static boolean addUp(List<Attempt> attempts, Usage whole) {
        return sum(attempts).equals(whole);
    }

    /** Whether something was used outside of these, whose usage is known: together they used another amount. */
    public static boolean leavesOut(List<Attempt> attempts, Usage whole) {
        boolean known = attempts.stream().noneMatch(attempt -> attempt.usage().source() == Usage.Source.UNKNOWN);
        return known && !addUp(attempts, whole);
    }

    /** What all of them used together. */
    public static Usage sum(List<Attempt> attempts) {
        return attempts.stream().map(Attempt::usage).reduce(Usage.NONE, Usage::plus);
    }

    /**
     * What all of them cost together. Absent when one that used something has no known cost, when none has a cost, or when
     * their currencies differ: a part is not passed off as the whole.
     */
    public static Optional<Cost> totalCost(List<Attempt> attempts) {
        Cost sum = null;
        for (Attempt attempt : attempts) {
            Cost cost = attempt.cost();
            if (cost == null && attempt.usage().equals(Usage.NONE)) {
                continue;
            }
            if (cost == null || (sum != null && !sum.currency().equals(cost.currency()))) {
                return Optional.empty();
            }
            sum = sum == null ? cost : sum.plus(cost);
        }
        return Optional.ofNullable(sum);
    }
}
