package dev.plinth.api.usage;

import dev.plinth.api.check.Check;
import java.time.Duration;
import java.time.Instant;
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

    /** The same attempt at a cost. */
    public Attempt withCost(@Nullable Cost cost) {
        return new Attempt(deployment, provider, model, why, startedAt, duration, error, usage, cost);
    }
}
