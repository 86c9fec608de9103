package dev.plinth.rag.pgvector;

import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement with the values of its parameters, put together from pieces. Only names that were checked, and pieces that
 * are written here, become text; whatever comes from outside is a parameter.
 */
final class Sql {
    private final StringBuilder text = new StringBuilder();
    private final List<@Nullable Object> values = new ArrayList<>();

    static Sql of(String text, @Nullable Object... values) {
        return new Sql().add(text, values);
    }

    /** Adds a piece with one value for each of its question marks: text, number, bytes, or an array of text or bytes. */
    Sql add(String piece, @Nullable Object... more) {
        text.append(piece);
        values.addAll(Arrays.asList(more));
        return this;
    }

    Sql add(Sql other) {
        text.append(other.text);
        values.addAll(other.values);
        return this;
    }

    String text() {
        return text.toString();
    }

    void bind(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            bind(statement, i + 1, values.get(i));
        }
    }

    private static void bind(PreparedStatement statement, int at, @Nullable Object value) throws SQLException {
        if (value == null) {
            statement.setNull(at, Types.NULL);
        } else if (value instanceof String string) {
            statement.setString(at, string);
        } else if (value instanceof Integer number) {
            statement.setInt(at, number);
        } else if (value instanceof BigDecimal number) {
            statement.setBigDecimal(at, number);
        } else if (value instanceof byte[] bytes) {
            statement.setBytes(at, bytes);
        } else if (value instanceof String[] strings) {
            statement.setArray(at, statement.getConnection().createArrayOf("text", strings));
        } else if (value instanceof Integer[] numbers) {
            statement.setArray(at, statement.getConnection().createArrayOf("int4", numbers));
        } else if (value instanceof byte[][] keys) {
            statement.setArray(at, statement.getConnection().createArrayOf("bytea", keys));
        } else {
            throw new IllegalStateException("parameter: " + value.getClass() + " (expected: a type listed here)");
        }
    }
}
