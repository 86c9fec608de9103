package dev.plinth.providers;

import dev.plinth.api.time.TimeSource;
import dev.plinth.api.usage.RateLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a provider asks to wait: {@code retry-after-ms}, {@code retry-after} in seconds or as a date, in the body, in
 * the words of a message, or until a limit that is used up is full again.
 */
final class RetryAfter {

    private static final Pattern IN_WORDS = Pattern.compile(
            "(?i)\\b(?:try again|retry) (?:in|after) "
                    + "(?:(?<span>(?:\\d+(?:\\.\\d+)?(?:ms|h|m|s))+)\\b|(?<count>\\d+(?:\\.\\d+)?) (?<unit>millisecond|second|minute|hour))");

    private RetryAfter() {}

    /** As the head says. */
    static Optional<Duration> of(HttpAnswer answer, TimeSource time) {
        return answer.header("retry-after-ms")
                .flatMap(Waits::millis)
                .or(() -> answer.header("retry-after").flatMap(text -> Waits.parse(text, time.now())));
    }

    /** As the message says, such as {@code Please try again in 1.2s} or {@code Please retry after 20 seconds}. */
    static Optional<Duration> inWords(String message) {
        Matcher wait = IN_WORDS.matcher(message);
        if (!wait.find()) {
            return Optional.empty();
        }
        String span = wait.group("span");
        return Waits.parse(span == null ? wait.group("count") + unit(wait.group("unit")) : span, Instant.EPOCH);
    }

    private static String unit(String word) {
        return word.equalsIgnoreCase("millisecond")
                ? "ms"
                : word.substring(0, 1).toLowerCase(Locale.ROOT);
    }

    /** Until all limits that are used up are full again. */
    static Optional<Duration> untilReset(List<RateLimit> limits) {
        return limits.stream()
                .filter(limit -> Objects.equals(limit.remaining(), 0L))
                .map(RateLimit::resetAfter)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder());
    }
}
