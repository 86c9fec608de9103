package dev.plinth.providers.route;

import dev.plinth.api.context.CallContext;
import java.util.Locale;
import java.util.Optional;

/**
 * How good, and how dear, a deployment is. A call asks for a tier by the tag {@value #TAG} of its context, such as {@code
 * gold}: it gets deployments of that tier first, then of the tiers below, whose answers are declared degraded, and never
 * of one above.
 */
public enum Tier {
    BRONZE,
    SILVER,
    GOLD;

    /** The name of the tag. */
    public static final String TAG = "tier";

    /**
     * The tier a call asks for; empty when it asks for none.
     *
     * @throws IllegalArgumentException if the tag has another value
     */
    static Optional<Tier> of(CallContext context) {
        String tag = context.tags().get(TAG);
        if (tag == null) {
            return Optional.empty();
        }
        for (Tier tier : values()) {
            if (tier.name().toLowerCase(Locale.ROOT).equals(tag)) {
                return Optional.of(tier);
            }
        }
        throw new IllegalArgumentException("tags." + TAG + ": " + tag + " (expected: bronze, silver or gold)");
    }
}
