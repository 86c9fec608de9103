package dev.plinth.rag.connect;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** How long a server asks to wait: {@code Retry-After} (RFC 9110, 10.2.3), else when its limit is full again. */
final class AskedWait {
    private static final double A_TIME = 1e9; // a larger number is a time since 1970, not a span

    private AskedWait() {}

    static Optional<Duration> in(HttpHeaders headers, Instant now) {
        return headers.firstValue("retry-after")
                .flatMap(text -> parse(text, now))
                .or(() -> headers.firstValue("x-ratelimit-reset").flatMap(text -> parse(text, now)))
                .or(() -> headers.firstValue("ratelimit-reset").flatMap(text -> parse(text, now)));
    }

    private static Optional<Duration> parse(String value, Instant now) {
        String text = value.strip();
        try {
            if (text.matches("\\d{1,12}(\\.\\d{1,9})?")) {
                double seconds = Double.parseDouble(text);
                double span = seconds > A_TIME ? seconds - now.toEpochMilli() / 1000.0 : seconds;
                return Optional.of(Duration.ofMillis((long) Math.ceil(Math.max(0, span) * 1000)));
            }
            OffsetDateTime until = text.contains(",")
                    ? OffsetDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    : OffsetDateTime.parse(text);
            Duration span = Duration.between(now, until.toInstant());
            return Optional.of(span.isNegative() ? Duration.ZERO : span);
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }
}
