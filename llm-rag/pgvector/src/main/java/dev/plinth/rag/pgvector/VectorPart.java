package dev.plinth.rag.pgvector;

import dev.plinth.api.retrieval.VectorQuery;

/**
 * The part of a search that finds the nearest vectors, as {@code by_vector}.
 *
 * <p>The HNSW index is asked first, without regard to the filter: its candidates, nearest first, are then filtered. If
 * fewer than {@code k} pass, all that pass the filter are compared instead, in the same statement: so a selective filter,
 * or a small tenant, gets what there is.
 */
final class VectorPart {
    private static final int MAX_EF_SEARCH = 1000; // of pgvector

    private final ChunkTable table;
    private final String tenant;
    private final VectorQuery query;
    private final Sql filter;
    private final String vector;

    VectorPart(ChunkTable table, String tenant, VectorQuery query) {
        this.table = table;
        this.tenant = tenant;
        this.query = query;
        this.filter = Conditions.of(query.filter());
        this.vector = VectorText.of(query.vector(), table.dimensions(), "vector");
    }

    /** How many candidates must pass. Half precision may mistake their order, so there are twice as many. */
    private long wanted() {
        return table.scan() == VectorScan.HNSW_HALF ? 2L * query.k() : query.k();
    }

    /** The settings of a scan of the index; none if it is of no use. */
    Transaction.Settings settings(int efSearch) {
        if (table.scan() == VectorScan.EXACT || wanted() > MAX_EF_SEARCH) {
            return Transaction.Settings.NONE;
        }
        boolean iterative = table.extension().hasIterativeScans();
        long some = wanted() * (iterative ? 2 : 4); // since the filter may take away three of four
        return new Transaction.Settings((int) Math.min(MAX_EF_SEARCH, Math.max(efSearch, some)), iterative);
    }

    Sql sql(boolean byIndex) {
        Sql sql = Sql.of("query AS (SELECT ?::" + table.extension().vector() + " AS vector),\n", vector);
        if (!byIndex) {
            return sql.add("by_vector AS MATERIALIZED (").add(compared("")).add(")");
        }
        String enough = "(SELECT count(*) FROM near) >= " + wanted();
        return sql.add("near AS MATERIALIZED (")
                .add(near())
                .add("),\ncompared AS MATERIALIZED (")
                .add(compared(" AND NOT " + enough))
                .add(
                        "),\nby_vector AS MATERIALIZED (SELECT tenant, key, score FROM (SELECT * FROM near WHERE "
                                + enough + " UNION ALL SELECT * FROM compared) n ORDER BY score DESC LIMIT ?)",
                        query.k());
    }

    /**
     * {@code OFFSET 0} keeps the filter outside: the index is read in its order until enough have passed. The planner
     * takes every filter on {@code jsonb} for a selective one, and would not use the index.
     */
    private Sql near() {
        String order = table.scan() == VectorScan.HNSW_HALF
                ? "embedding::" + table.extension().half(table.dimensions()) + " "
                        + table.extension().distance() + " (SELECT vector::"
                        + table.extension().half(table.dimensions()) + " FROM query)"
                : distance();
        return Sql.of(
                        "SELECT tenant, key, " + score() + " FROM (SELECT tenant, key, metadata, embedding FROM "
                                + table.name() + " WHERE embedding IS NOT NULL ORDER BY " + order
                                + " OFFSET 0) nearest WHERE tenant = ? AND ",
                        tenant)
                .add(filter)
                .add(" LIMIT " + wanted());
    }

    /** {@code + 0} keeps the index over the vectors out. */
    private Sql compared(String condition) {
        return Sql.of(
                        "SELECT tenant, key, " + score() + " FROM " + table.name()
                                + " WHERE tenant = ? AND embedding IS NOT NULL" + condition + " AND ",
                        tenant)
                .add(filter)
                .add(" ORDER BY (" + distance() + ") + 0 LIMIT ?", query.k());
    }

    private String distance() {
        return "embedding " + table.extension().distance() + " (SELECT vector FROM query)";
    }

    private String score() {
        return "greatest(-1, least(1, 1 - (" + distance() + "))) AS score";
    }
}
