package dev.plinth.providers;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Spans of time as providers write them: seconds, {@code 1m2.5s}, {@code 120ms}, a moment as an HTTP date or after RFC
 * 3339, or as seconds or milliseconds since 1970. What is in the past is no wait; what is no sensible span is nothing.
 */
final class Waits {

    private static final Duration MAX = Duration.ofDays(365);
    private static final long MAX_SECONDS = MAX.toSeconds();
    private static final Pattern UNITS = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|h|m|s|d)");
    private static final Pattern SPAN = Pattern.compile("(?:" + UNITS.pattern() + ")+");
    private static final Pattern NUMBER = Pattern.compile("\\d+(?:\\.\\d+)?");

    private Waits() {}

    static Optional<Duration> parse(String text, Instant now) {
        String stripped = text.strip();
        if (NUMBER.matcher(stripped).matches()) {
            return number(Double.parseDouble(stripped), now);
        }
        return SPAN.matcher(stripped).matches() ? span(stripped) : moment(stripped, now);
    }

    /** A number of milliseconds. */
    static Optional<Duration> millis(String text) {
        String stripped = text.strip();
        return NUMBER.matcher(stripped).matches() ? seconds(Double.parseDouble(stripped) / 1000) : Optional.empty();
    }

    /** Seconds; too many of them are a moment since 1970, in seconds, and far too many one in milliseconds. */
    private static Optional<Duration> number(double number, Instant now) {
        if (number <= MAX_SECONDS) {
            return seconds(number);
        }
        double since1970 = number > 100_000_000_000.0 ? number / 1000 : number;
        double wait = since1970 - now.toEpochMilli() / 1000.0;
        return wait < 0 ? Optional.of(Duration.ZERO) : seconds(wait);
    }

    private static Optional<Duration> seconds(double seconds) {
        return seconds <= MAX_SECONDS ? Optional.of(Duration.ofMillis(Math.round(seconds * 1000))) : Optional.empty();
    }

    private static Optional<Duration> span(String text) {
        double seconds = 0;
        Matcher unit = UNITS.matcher(text);
        while (unit.find()) {
            double factor = switch (unit.group(2)) {
                case "ms" -> 0.001;
                case "m" -> 60;
                case "h" -> 3600;
                case "d" -> 86_400;
                default -> 1;
            };
            seconds += Double.parseDouble(unit.group(1)) * factor;
        }
        return seconds(seconds);
    }

    private static Optional<Duration> moment(String text, Instant now) {
        try {
            Instant then = text.length() > 4 && Character.isDigit(text.charAt(0))
                    ? OffsetDateTime.parse(text).toInstant()
                    : ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant();
            Duration wait = Duration.between(now, then);
            if (wait.compareTo(MAX) > 0) {
                return Optional.empty();
            }
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException notAMoment) {
            return Optional.empty();
        }
    }
}
