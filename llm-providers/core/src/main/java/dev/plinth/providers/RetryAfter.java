package dev.plinth.providers;

import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** How long a provider asks to wait: {@code retry-after-ms}, or {@code retry-after} in seconds or as a date. */
final class RetryAfter {

    private static final long MAX_SECONDS = Duration.ofDays(365).toSeconds();

    private RetryAfter() {}

    static Optional<Duration> of(HttpAnswer answer, TimeSource time) {
        return answer.header("retry-after-ms")
                .flatMap(text -> millis(text, 1))
                .or(() -> answer.header("retry-after")
                        .flatMap(text -> millis(text, 1000).or(() -> until(text, time.now()))));
    }

    private static Optional<Duration> millis(String text, long unit) {
        try {
            double number = Double.parseDouble(text.strip());
            boolean sensible = number >= 0 && number * unit <= MAX_SECONDS * 1000.0;
            return sensible ? Optional.of(Duration.ofMillis(Math.round(number * unit))) : Optional.empty();
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> until(String text, Instant now) {
        try {
            Instant then = ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(now, then);
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeParseException notADate) {
            return Optional.empty();
        }
    }
}
