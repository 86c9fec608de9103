package dev.plinth.rag.pgvector;

import static dev.plinth.rag.pgvector.Samples.embedded;
import static dev.plinth.rag.pgvector.Samples.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.VectorQuery;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The second wall, for a role that owns the tables but is no superuser. */
@Tag("once")
class RowSecurityTest {
    private static final float[] X = {1, 0, 0, 0};
    private static final String ACME = "acme'; DROP TABLE docs_chunk; --\u0000\ud800";

    private final String schema = TestServer.newSchema();
    private HikariDataSource role;

    @BeforeEach
    void makeRole() {
        TestServer server = TestServer.postgresql();
        String name = "owner_of_" + schema;
        server.execute(
                "CREATE EXTENSION IF NOT EXISTS vector",
                "CREATE ROLE " + name + " LOGIN",
                "CREATE SCHEMA " + schema + " AUTHORIZATION " + name);
        role = server.dataSource(name);
    }

    @AfterEach
    void closeRole() {
        if (role != null) {
            role.close();
        }
    }

    private PgVectorIndex open(String tenant) {
        return PgVectorIndex.builder(role, Samples.STAMP)
                .schema(schema)
                .tenant(tenant)
                .build();
    }

    private static Map<String, Ledger.Entry> entries() {
        return Map.of("d", new Ledger.Entry(new Ledger.Stored("v", "d", "p", 1, Instant.EPOCH), null, null));
    }

    @Test
    void tenantsWorkBehindTheWall() {
        PgVectorIndex acme = open(ACME);
        PgVectorIndex other = open("other");
        acme.upsert(List.of(embedded("a", "zebra", X), embedded("mine", "zebra", X)));
        acme.put("docs", entries());
        other.upsert(List.of(embedded("a", "piano", X)));
        assertThat(ids(acme.search(new VectorQuery(X, 5)))).containsExactlyInAnyOrder("a", "mine");
        assertThat(ids(acme.search(new TextQuery("zebra", 5)))).containsExactlyInAnyOrder("a", "mine");
        assertThat(other.search(new TextQuery("zebra", 5))).isEmpty();
        assertThat(other.fetch(List.of("mine"))).isEmpty();
        assertThat(other.sources()).isEmpty();
        other.delete(List.of("mine"));
        assertThat(acme.size()).isEqualTo(2);
        assertThat(acme.find("docs", List.of("d"))).isEqualTo(entries());
    }

    @Test
    void whoNamesNoTenantSeesAndWritesNothing() throws SQLException {
        open("acme").upsert(List.of(embedded("a", "zebra", X)));
        open("acme").put("docs", entries());
        for (String table : List.of("chunk", "document", "source")) {
            assertThat(count("SELECT count(*) FROM " + schema + ".docs_" + table))
                    .as(table)
                    .isZero();
            assertThat(count("SELECT set_config('plinth.tenant', 'acme', true);" + " SELECT count(*) FROM " + schema
                            + ".docs_" + table))
                    .as(table)
                    .isEqualTo(1);
            assertThat(count("WITH gone AS (DELETE FROM " + schema + ".docs_" + table
                            + " RETURNING 1) SELECT count(*) FROM gone"))
                    .as(table)
                    .isZero();
        }
        assertThatThrownBy(() -> count("SELECT set_config('plinth.tenant', 'other', true); INSERT INTO " + schema
                        + ".docs_source (tenant, key, name) VALUES ('acme', '', 'x') RETURNING 1"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("row-level security");
    }

    /** The last result of the statements, on a connection that the index has used before. */
    private int count(String sql) throws SQLException {
        try (Connection connection = role.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
            if (sql.contains(";")) {
                statement.getMoreResults();
            }
            try (ResultSet result = statement.getResultSet()) {
                result.next();
                return result.getInt(1);
            }
        }
    }

    @Test
    void onceOnItStaysOn() {
        PgVectorIndex open =
                PgVectorIndex.builder(role, Samples.STAMP).schema(schema).build();
        open.upsert(List.of(embedded("a", "zebra", X)));
        assertThatThrownBy(() -> PgVectorIndex.builder(role, Samples.STAMP)
                        .schema(schema)
                        .tenant("acme")
                        .migrate(false)
                        .build())
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("row security: off (expected: on and forced for ");
        open("acme");
        PgVectorIndex again =
                PgVectorIndex.builder(role, Samples.STAMP).schema(schema).build();
        assertThat(again.size()).isEqualTo(1);
        assertThat(open("acme").size()).isZero();
    }
}
