package dev.plinth.rag.connectors.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The SQL of one source, in the words of one database. Immutable. */
final class Selection {
    private final String from;
    private final boolean limit;
    private final Map<Identifier, String> names = new LinkedHashMap<>();
    private final Map<Identifier, ColumnType> types = new LinkedHashMap<>();

    /** A condition and its parameters. */
    record Where(String sql, List<Object> parameters) {
        static final Where ALL = new Where("1 = 1", List.of());

        Where and(Where other) {
            List<Object> all = new ArrayList<>(parameters);
            all.addAll(other.parameters);
            return new Where(sql + " AND " + other.sql, all);
        }
    }

    /** Asks the database what the columns hold. */
    Selection(Source source, Set<Identifier> columns, Database database, Connection connection) throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        this.from = source.sql(metaData);
        String product = metaData.getDatabaseProductName().toLowerCase(Locale.ROOT);
        this.limit = product.contains("mysql") || product.contains("mariadb") || product.contains("sqlite");
        for (Identifier column : columns) {
            names.put(column, column.quoted(metaData));
        }
        String nothing = select(names.values(), new Where("1 = 0", List.of()));
        types.putAll(database.query(connection, nothing, List.of(), 1, rows -> types(columns, rows.getMetaData())));
    }

    private static Map<Identifier, ColumnType> types(Set<Identifier> columns, ResultSetMetaData described)
            throws SQLException {
        Map<Identifier, ColumnType> types = new LinkedHashMap<>();
        for (Identifier column : columns) {
            types.put(column, ColumnType.of(described, types.size() + 1));
        }
        return types;
    }

    private String select(Iterable<String> what, Where where) {
        return "SELECT " + String.join(", ", what) + " FROM " + from + " WHERE " + where.sql();
    }

    ColumnType type(Identifier column) {
        ColumnType type = types.get(column);
        if (type == null) {
            throw new IllegalStateException("column: " + column + " (expected: one of " + types.keySet() + ")");
        }
        return type;
    }

    /** Some columns of the first rows in the order of others. */
    String page(List<Identifier> columns, Where where, List<Identifier> order, int rows) {
        String sorted = select(columns.stream().map(names::get).toList(), where) + " ORDER BY "
                + order.stream().map(names::get).collect(Collectors.joining(", "));
        return sorted + (limit ? " LIMIT " + rows : " OFFSET 0 ROWS FETCH NEXT " + rows + " ROWS ONLY");
    }

    String row(List<Identifier> columns, Where where) {
        return select(columns.stream().map(names::get).toList(), where);
    }

    /** How many rows there are, the latest change, and how many have a key. */
    String summary(Where where, @Nullable Identifier changed, List<Identifier> key) {
        List<String> what = new ArrayList<>(List.of("COUNT(*)"));
        what.add(changed == null ? "MAX(1)" : latest(changed));
        key.forEach(column -> what.add("COUNT(" + names.get(column) + ")"));
        return select(what, where);
    }

    /** The latest change of some rows. */
    String latest(Where where, Identifier changed) {
        return select(List.of(latest(changed)), where);
    }

    /** Not of a time that is still to come: it would hide all changes until then. */
    private String latest(Identifier changed) {
        String column = names.get(changed);
        String past = "CASE WHEN " + column + " <= CURRENT_TIMESTAMP THEN " + column + " END";
        return "MAX(" + (type(changed).isTime() ? past : column) + ")";
    }

    /** Rows with exactly these values. */
    Where equal(List<Identifier> columns, List<Object> values) {
        return new Where(
                columns.stream().map(column -> names.get(column) + " = ?").collect(Collectors.joining(" AND ")),
                values);
    }

    Where atLeast(Identifier column, Object value) {
        return new Where(names.get(column) + " >= ?", List.of(value));
    }

    /** Rows that follow these values in the order of the columns. */
    Where after(List<Identifier> columns, List<Object> values) {
        List<String> either = new ArrayList<>();
        List<Object> parameters = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Where same = equal(columns.subList(0, i), values.subList(0, i));
            either.add((i == 0 ? "" : same.sql() + " AND ") + names.get(columns.get(i)) + " > ?");
            parameters.addAll(same.parameters());
            parameters.add(values.get(i));
        }
        return new Where("(" + String.join(" OR ", either) + ")", parameters);
    }

    /** Rows that are not marked as deleted: the mark is missing, false or 0. */
    Where present(@Nullable Identifier deleted) {
        if (deleted == null) {
            return Where.ALL;
        }
        String missing = names.get(deleted) + " IS NULL";
        return switch (type(deleted)) {
            case FLAG -> new Where("(" + missing + " OR " + names.get(deleted) + " = ?)", List.of(false));
            case WHOLE, DECIMAL -> new Where("(" + missing + " OR " + names.get(deleted) + " = 0)", List.of());
            default -> new Where(missing, List.of());
        };
    }

    /** The values of these columns in a row, by column; columns without a value are left out. */
    Map<Identifier, Object> values(ResultSet row, List<Identifier> columns) throws SQLException {
        Map<Identifier, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            Object value = type(columns.get(i)).read(row, i + 1);
            if (value != null) {
                values.put(columns.get(i), value);
            }
        }
        return Collections.unmodifiableMap(values);
    }

    /** Texts as parameters for these columns. */
    List<Object> parse(List<Identifier> columns, List<String> texts) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            values.add(type(columns.get(i)).parse(texts.get(i)));
        }
        return values;
    }

    /** Where the rows come from. */
    interface Source {
        String sql(DatabaseMetaData database) throws SQLException;
    }
}
