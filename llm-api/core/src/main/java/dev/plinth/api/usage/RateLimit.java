package dev.plinth.api.usage;

import dev.plinth.api.check.Check;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One of a vendor's limits, as the answer to a call reported it.
 *
 * @param name what is limited, in the vendor's word, such as {@code requests}, {@code tokens} or {@code input-tokens}
 * @param limit how many there are in one period; null: not said
 * @param remaining how many of them are left; null: not said
 * @param resetAfter until there are all of them again, counted from the answer; null: not said
 */
public record RateLimit(
        String name,
        @Nullable Long limit,
        @Nullable Long remaining,
        @Nullable Duration resetAfter) {

    public RateLimit {
        Check.notBlank(name, "name");
    }
}
