package dev.plinth.rag.connectors.rest;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** Times as APIs write them. */
final class Times {
    private static final BigDecimal MILLIS_FROM = BigDecimal.valueOf(100_000_000_000L); // seconds of the year 5138

    private Times() {}

    /** ISO 8601 with any offset, as in headers, or seconds or milliseconds since 1970. */
    static Optional<Instant> parse(String text) {
        try {
            if (text.matches("\\d{1,18}(\\.\\d{1,9})?")) {
                BigDecimal number = new BigDecimal(text);
                BigDecimal seconds = number.compareTo(MILLIS_FROM) > 0 ? number.movePointLeft(3) : number;
                BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
                long nanos = seconds.subtract(whole).movePointRight(9).longValue();
                return Optional.of(Instant.ofEpochSecond(whole.longValue(), nanos));
            }
            if (text.endsWith(" GMT")) {
                return Optional.of(OffsetDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant());
            }
            String iso = text.replaceFirst("([+-]\\d\\d)(\\d\\d)$", "$1:$2"); // as Jira writes offsets
            return Optional.of(OffsetDateTime.parse(iso).toInstant());
        } catch (DateTimeException | ArithmeticException unreadable) {
            return Optional.empty();
        }
    }

    /** @param format {@code iso}, {@code seconds}, or a pattern in UTC */
    static String format(Instant time, String format) {
        return switch (format) {
            case "iso" -> time.toString();
            case "seconds" ->
                BigDecimal.valueOf(time.getEpochSecond())
                        .add(BigDecimal.valueOf(time.getNano(), 9))
                        .setScale(6, RoundingMode.FLOOR)
                        .toPlainString();
            default ->
                DateTimeFormatter.ofPattern(format, Locale.ROOT)
                        .withZone(ZoneOffset.UTC)
                        .format(time);
        };
    }
}
