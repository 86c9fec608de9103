package dev.plinth.api.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The types of the JDK that are one JSON string, number or boolean. Only those formats of JSON Schema are named that
 * the strict modes of vendors take; what JSON Schema has no format for is told in words.
 */
final class Scalars {

    /** A number with more digits before the point is refused before it is expanded: 1e999999999 is a short text. */
    private static final int MAX_DIGITS = 1000;

    private static final Map<Class<?>, ScalarShape> BY_TYPE = new HashMap<>();

    static {
        text(String.class, null, null, text -> text, value -> (String) value);
        truth();
        numbers();
        text(UUID.class, "uuid", null, Scalars::uuid, Object::toString);
        text(URI.class, null, "A URI.", URI::create, Object::toString);
        times();
    }

    private Scalars() {}

    /** The shape of a type; null when it is not a scalar. */
    static @Nullable ScalarShape find(Class<?> type) {
        return BY_TYPE.get(type);
    }

    private static void truth() {
        ScalarShape shape = new ScalarShape(
                "boolean",
                null,
                null,
                (node, reading) -> node.isBoolean() ? node.booleanValue() : reading.wrongKind(node, "boolean"),
                (value, out) -> out.writeBoolean((Boolean) value));
        BY_TYPE.put(boolean.class, shape);
        BY_TYPE.put(Boolean.class, shape);
    }

    private static void numbers() {
        BY_TYPE.put(byte.class, whole(Byte.MIN_VALUE, Byte.MAX_VALUE, BigInteger::byteValue));
        BY_TYPE.put(short.class, whole(Short.MIN_VALUE, Short.MAX_VALUE, BigInteger::shortValue));
        BY_TYPE.put(int.class, whole(Integer.MIN_VALUE, Integer.MAX_VALUE, BigInteger::intValue));
        BY_TYPE.put(long.class, whole(Long.MIN_VALUE, Long.MAX_VALUE, BigInteger::longValue));
        BY_TYPE.put(float.class, binary(BigDecimal::floatValue));
        BY_TYPE.put(double.class, binary(BigDecimal::doubleValue));
        BY_TYPE.put(Byte.class, BY_TYPE.get(byte.class));
        BY_TYPE.put(Short.class, BY_TYPE.get(short.class));
        BY_TYPE.put(Integer.class, BY_TYPE.get(int.class));
        BY_TYPE.put(Long.class, BY_TYPE.get(long.class));
        BY_TYPE.put(Float.class, BY_TYPE.get(float.class));
        BY_TYPE.put(Double.class, BY_TYPE.get(double.class));
        BY_TYPE.put(
                BigInteger.class,
                new ScalarShape(
                        "integer", null, null, Scalars::integer, (value, out) -> out.writeNumber((BigInteger) value)));
        BY_TYPE.put(
                BigDecimal.class,
                new ScalarShape(
                        "number",
                        null,
                        null,
                        (node, reading) -> decimal(node, reading, "number"),
                        (value, out) -> out.writeNumber((BigDecimal) value)));
    }

    private static void times() {
        text(LocalDate.class, "date", null, LocalDate::parse, Object::toString);
        text(Instant.class, "date-time", null, text -> dateTime(text).toInstant(), Object::toString);
        text(
                OffsetDateTime.class,
                "date-time",
                null,
                Scalars::dateTime,
                value -> DateTimeFormatter.ISO_OFFSET_DATE_TIME.format((OffsetDateTime) value));
        text(
                LocalTime.class,
                null,
                "ISO 8601 time without zone, such as 09:30:00.",
                LocalTime::parse,
                Object::toString);
        text(
                LocalDateTime.class,
                null,
                "ISO 8601 date and time without zone, such as 2026-01-31T09:30:00.",
                LocalDateTime::parse,
                Object::toString);
        text(
                Duration.class,
                "duration",
                "ISO 8601 duration in days, hours, minutes and seconds, such as PT1H30M.",
                Duration::parse,
                Object::toString);
    }

    private static void text(
            Class<?> type,
            @Nullable String format,
            @Nullable String hint,
            Function<String, Object> parse,
            Function<Object, String> print) {
        String expected = format == null ? type.getSimpleName() : format;
        ScalarShape.Reader reader = (node, reading) -> {
            if (!node.isTextual()) {
                return reading.wrongKind(node, "string");
            }
            try {
                return parse.apply(node.textValue());
            } catch (DateTimeException | IllegalArgumentException unreadable) {
                return reading.violation("string of another form (expected: " + expected + ")");
            }
        };
        BY_TYPE.put(
                type,
                new ScalarShape("string", format, hint, reader, (value, out) -> out.writeString(print.apply(value))));
    }

    private static OffsetDateTime dateTime(String text) {
        return OffsetDateTime.parse(text);
    }

    // UUID.fromString takes shorter forms, which the format uuid does not allow.
    private static UUID uuid(String text) {
        UUID uuid = UUID.fromString(text);
        if (!uuid.toString().equalsIgnoreCase(text)) {
            throw new IllegalArgumentException("text: not a UUID of 36 characters (expected: one)");
        }
        return uuid;
    }

    private static ScalarShape whole(long least, long most, Function<BigInteger, Object> narrow) {
        ScalarShape.Reader reader = (node, reading) -> {
            BigInteger value = integer(node, reading);
            if (value == null) {
                return null;
            }
            boolean fits = value.bitLength() < Long.SIZE && value.longValue() >= least && value.longValue() <= most;
            return fits
                    ? narrow.apply(value)
                    : reading.violation("integer out of range (expected: " + least + " to " + most + ")");
        };
        return new ScalarShape(
                "integer", null, null, reader, (value, out) -> out.writeNumber(((Number) value).longValue()));
    }

    private static @Nullable BigDecimal decimal(JsonNode node, Reading reading, String expected) {
        if (!node.isNumber()) {
            reading.wrongKind(node, expected);
            return null;
        }
        // Jackson before 2.18 reads 1e999 as an infinite double, whatever it is told.
        if (node.isDouble() && !Double.isFinite(node.doubleValue())) {
            reading.violation("number out of range (expected: what a binary number can hold)");
            return null;
        }
        return node.decimalValue();
    }

    // As in JSON Schema, 3.0 is an integer: what counts is the number, not how it is written.
    private static @Nullable BigInteger integer(JsonNode node, Reading reading) {
        BigDecimal number = decimal(node, reading, "integer");
        if (number == null || number.signum() == 0) {
            return number == null ? null : BigInteger.ZERO;
        }
        if ((long) number.precision() - number.scale() > MAX_DIGITS) {
            reading.violation("integer out of range (expected: at most " + MAX_DIGITS + " digits)");
            return null;
        }
        BigDecimal stripped = number.stripTrailingZeros();
        if (stripped.scale() > 0) {
            reading.violation("fraction (expected: integer)");
            return null;
        }
        return stripped.toBigIntegerExact();
    }

    private static ScalarShape binary(Function<BigDecimal, Number> narrow) {
        ScalarShape.Reader reader = (node, reading) -> {
            BigDecimal number = decimal(node, reading, "number");
            if (number == null) {
                return null;
            }
            Number value = narrow.apply(number);
            return Double.isFinite(value.doubleValue())
                    ? value
                    : reading.violation("number out of range (expected: what a binary number can hold)");
        };
        return new ScalarShape("number", null, null, reader, (value, out) -> out.writeNumber(value.toString()));
    }
}
