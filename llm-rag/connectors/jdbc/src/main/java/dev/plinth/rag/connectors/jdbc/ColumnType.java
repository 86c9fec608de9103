package dev.plinth.rag.connectors.jdbc;

import dev.plinth.api.retrieval.Value;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a column holds, and how its values become texts and come back as parameters. */
enum ColumnType {
    WHOLE,
    DECIMAL,
    FLAG,
    TIME,
    TIME_WITH_ZONE,
    DATE,
    UNIQUE_ID,
    TEXTS,
    TEXT;

    static ColumnType of(ResultSetMetaData columns, int index) throws SQLException {
        String name = columns.getColumnTypeName(index).toLowerCase(Locale.ROOT);
        return switch (columns.getColumnType(index)) {
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> WHOLE;
            case Types.DECIMAL, Types.NUMERIC, Types.REAL, Types.FLOAT, Types.DOUBLE -> DECIMAL;
            case Types.BOOLEAN, Types.BIT -> FLAG;
            case Types.DATE -> DATE;
            case Types.TIMESTAMP_WITH_TIMEZONE -> TIME_WITH_ZONE;
            case Types.TIMESTAMP -> name.equals("timestamptz") ? TIME_WITH_ZONE : TIME; // as PostgreSQL calls it
            case Types.ARRAY -> TEXTS;
            default -> name.equals("uuid") ? UNIQUE_ID : TEXT;
        };
    }

    /** The value in a row; null: there is none. */
    @Nullable
    Object read(ResultSet row, int index) throws SQLException {
        Object value = switch (this) {
            case WHOLE -> row.getLong(index);
            case DECIMAL -> row.getBigDecimal(index);
            case FLAG -> row.getBoolean(index);
            case TIME -> row.getObject(index, LocalDateTime.class);
            case TIME_WITH_ZONE -> utc(row.getObject(index, OffsetDateTime.class));
            case DATE -> row.getObject(index, LocalDate.class);
            case UNIQUE_ID -> row.getObject(index, UUID.class);
            case TEXTS -> texts(row.getArray(index));
            case TEXT -> row.getString(index);
        };
        return row.wasNull() ? null : value;
    }

    private static @Nullable OffsetDateTime utc(@Nullable OffsetDateTime time) {
        return time == null ? null : time.withOffsetSameInstant(ZoneOffset.UTC);
    }

    private static @Nullable Object texts(@Nullable Array array) throws SQLException {
        if (array == null) {
            return null;
        }
        Object[] elements = (Object[]) array.getArray();
        array.free();
        return Arrays.stream(elements)
                .filter(Objects::nonNull)
                .map(Object::toString)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A value as text; {@link #parse} takes it back. */
    static String text(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        return value instanceof BigDecimal number ? number.toPlainString() : value.toString();
    }

    /** @throws RuntimeException if the text is none of a value of this type */
    Object parse(String text) {
        return switch (this) {
            case WHOLE -> Long.valueOf(text);
            case DECIMAL -> new BigDecimal(text);
            case FLAG -> Boolean.valueOf(text);
            case TIME -> LocalDateTime.parse(text);
            case TIME_WITH_ZONE -> OffsetDateTime.parse(text);
            case DATE -> LocalDate.parse(text);
            case UNIQUE_ID -> UUID.fromString(text);
            case TEXTS, TEXT -> text;
        };
    }

    /** As a value of the metadata; times are milliseconds since 1970, those without a zone taken as UTC. */
    static Value value(Object value) {
        if (value instanceof Long number) {
            return Value.of(number);
        } else if (value instanceof BigDecimal number) {
            return Value.of(number.doubleValue());
        } else if (value instanceof Boolean flag) {
            return Value.of(flag);
        } else if (value instanceof LocalDateTime time) {
            return Value.of(time.toInstant(ZoneOffset.UTC).toEpochMilli());
        } else if (value instanceof OffsetDateTime time) {
            return Value.of(time.toInstant().toEpochMilli());
        } else if (value instanceof LocalDate date) {
            return Value.of(date.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli());
        } else if (value instanceof Set<?> texts) {
            return Value.of(texts.stream().map(Object::toString).collect(Collectors.toSet()));
        }
        return Value.of(value.toString());
    }

    /** Earlier by so much, where it is a time. */
    static Object earlier(Object value, Duration by) {
        if (value instanceof LocalDateTime time) {
            return time.minus(by);
        }
        return value instanceof OffsetDateTime time ? time.minus(by) : value;
    }

    boolean isTime() {
        return this == TIME || this == TIME_WITH_ZONE;
    }
}
