package dev.plinth.rag.pgvector;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.time.Deadline;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A transaction that has named its tenant, which row security asks for. */
final class Transaction {
    private static final int BATCH = 500;

    private final Connection connection;
    private final String tenant;

    Transaction(Connection connection, String tenant) {
        this.connection = connection;
        this.tenant = tenant;
    }

    /** Makes a value of the current row. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Runs a statement that has no parameters and needs no tenant. */
    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    <T> List<T> query(Sql sql, Row<T> row) throws SQLException {
        return query(Settings.NONE, sql, row);
    }

    /**
     * Asks one question. The settings of the transaction travel with it, so it is one round trip.
     *
     * @param settings further ones
     */
    <T> List<T> query(Settings settings, Sql sql, Row<T> row) throws SQLException {
        Sql both = settings.sql(tenant).add(";\n").add(sql);
        try (PreparedStatement statement = connection.prepareStatement(both.text())) {
            both.bind(statement);
            statement.execute();
            statement.getMoreResults(); // past the settings
            List<T> rows = new ArrayList<>();
            try (ResultSet result = statement.getResultSet()) {
                while (result.next()) {
                    rows.add(row.read(result));
                }
            }
            return rows;
        }
    }

    /** Runs the same statement for all of these values; they are many, or none. A question has named the tenant before. */
    void updateAll(List<Sql> same) throws SQLException {
        if (same.isEmpty()) {
            return;
        }
        try (PreparedStatement statement =
                connection.prepareStatement(same.get(0).text())) {
            for (int i = 0; i < same.size(); i++) {
                same.get(i).bind(statement);
                statement.addBatch();
                if ((i + 1) % BATCH == 0 || i + 1 == same.size()) {
                    statement.executeBatch();
                }
            }
        }
    }

    void update(Sql sql) throws SQLException {
        updateAll(List.of(sql));
    }

    /**
     * What is set until the transaction ends.
     *
     * @param efSearch how many candidates an HNSW scan keeps; 0: not set
     * @param iterative whether the scan goes on while too few candidates pass the filter
     */
    record Settings(int efSearch, boolean iterative) {
        static final Settings NONE = new Settings(0, false);

        /** The deadline as a limit of each statement, unless the database has a shorter one; its zero means none. */
        private static final String LIMIT = """
                , set_config('statement_timeout', (1000 * extract(epoch FROM least(
                    nullif(current_setting('statement_timeout')::interval, interval '0'),
                    ?::int * interval '1 ms')))::bigint::text, true)""";

        /** A plan is made for the values at hand, and not compiled: the branch that costs much is seldom taken. */
        Sql sql(String tenant) {
            Sql sql = Sql.of(
                    "SELECT set_config('plinth.tenant', ?, true), set_config('plan_cache_mode', 'force_custom_plan', true),"
                            + " set_config('jit', 'off', true)",
                    tenant);
            CallContext.current().deadline().ifPresent(deadline -> sql.add(LIMIT, limitMillis(deadline)));
            if (efSearch > 0) {
                // Without sorts, the order by distance comes from the index, whatever the planner thinks of its cost.
                sql.add(
                        ", set_config('enable_sort', 'off', true), set_config('hnsw.ef_search', ?, true)",
                        Integer.toString(efSearch));
            }
            return iterative ? sql.add(", set_config('hnsw.iterative_scan', 'relaxed_order', true)") : sql;
        }

        private static int limitMillis(Deadline deadline) {
            return (int) Math.min(Integer.MAX_VALUE, deadline.remaining().toMillis() + 1);
        }
    }
}
