package dev.plinth.rag.pgvector;

import static dev.plinth.rag.pgvector.Samples.embedded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("once")
class OpeningTest {
    private static final float[] X = {1, 0, 0, 0};

    private final String schema = TestServer.newSchema();

    @Test
    void severalIndexesShareASchema() {
        PgVectorIndex one = Samples.builder(schema).name("one").build();
        PgVectorIndex two = PgVectorIndex.builder(
                        TestServer.postgresql().dataSource(), new VectorStore.Stamp("other", 2))
                .schema(schema)
                .name("two")
                .build();
        one.upsert(List.of(embedded("a", "zebra", X)));
        assertThat(two.size()).isZero();
        assertThat(Samples.builder(schema).name("one").build().size()).isEqualTo(1);
    }

    @Test
    void refusesAnIndexOfAnotherModelLengthOrLanguage() {
        Samples.builder(schema).build();
        assertThatThrownBy(() -> reopened(new VectorStore.Stamp("another", 4)).build())
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("model: another (expected: model, ");
        assertThatThrownBy(() -> reopened(new VectorStore.Stamp("model", 5)).build())
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("dimensions: 5 (expected: 4, ");
        assertThatThrownBy(() -> reopened(Samples.STAMP).language("simple").build())
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("language: simple (expected: english, ");
        TestServer.postgresql().execute("UPDATE " + schema + ".docs_manifest SET format = 2");
        assertThatThrownBy(() -> reopened(Samples.STAMP).build())
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("format: 2 (expected: 1, ");
    }

    @Test
    void anOlderFormatIsBroughtUpToDateOrRefused() {
        Samples.builder(schema).build();
        TestServer.postgresql().execute("UPDATE " + schema + ".docs_manifest SET format = 0");
        assertThatThrownBy(() -> reopened(Samples.STAMP).migrate(false).build())
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("format: 0 (expected: 1, ");
        TestServer.postgresql().execute("DROP TABLE " + schema + ".docs_history");
        assertThatThrownBy(() -> reopened(Samples.STAMP).build())
                .as("tries to make the tables that are there")
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("migration: failed in schema " + schema);
    }

    private PgVectorIndex.Builder reopened(VectorStore.Stamp stamp) {
        return PgVectorIndex.builder(TestServer.postgresql().dataSource(), stamp)
                .schema(schema);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a;b",
                "a\"b",
                "a'b",
                "a--",
                "A",
                "1a",
                "a.b",
                "a\u0000",
                "\u00e4",
                "${a}",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void namesThatCouldBecomeCodeAreRefused(String hostile) {
        PgVectorIndex.Builder builder = Samples.builder(schema);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.schema(hostile).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.schema(schema).name(hostile).build());
        assertThatIllegalArgumentException().isThrownBy(() -> builder.language(hostile + "'"));
    }

    @Test
    void manyWhoOpenANewIndexAtOnceFindTheSame() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<PgVectorIndex>> opening = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            opening.add(threads.submit(() -> Samples.builder(schema).build()));
        }
        opening.get(0).get().upsert(List.of(embedded("a", "zebra", X)));
        for (Future<PgVectorIndex> one : opening) {
            assertThat(one.get().size()).isEqualTo(1);
        }
        threads.shutdown();
    }

    @Test
    void whoMustNotMakeTablesFindsThoseOfTheScript() {
        TestServer server = TestServer.postgresql();
        PgVectorIndex.Builder builder = Samples.builder(schema).migrate(false);
        assertThatThrownBy(builder::build)
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("table: \"" + schema + "\".docs_chunk is missing");
        server.execute(builder.script());
        String role = "role_of_" + schema;
        server.execute(
                "CREATE ROLE " + role + " LOGIN",
                "GRANT USAGE ON SCHEMA " + schema + " TO " + role,
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + " TO " + role);
        try (HikariDataSource weak = server.dataSource(role)) {
            PgVectorIndex index = PgVectorIndex.builder(weak, Samples.STAMP)
                    .schema(schema)
                    .migrate(false)
                    .build();
            index.write(List.of(embedded("a", "zebra", X)), List.of("b"));
            assertThat(index.search(new VectorQuery(X, 3))).hasSize(1);
            for (String refused : List.of(schema, "more_" + schema)) {
                PgVectorIndex.Builder another = PgVectorIndex.builder(weak, Samples.STAMP)
                        .schema(refused)
                        .name("more");
                assertThatThrownBy(another::build)
                        .isInstanceOf(StoreException.class)
                        .hasMessageStartingWith("schema: " + refused + " (expected: the right to make it, ");
            }
        }
    }

    @Test
    void anIndexOverTheVectorsMayBeDroppedAndMadeByHand() {
        PgVectorIndex index = Samples.builder(schema).build();
        index.upsert(List.of(embedded("a", "zebra", X)));
        TestServer.postgresql().execute("DROP INDEX " + schema + ".docs_embedding");
        assertThat(index.search(new VectorQuery(X, 1))).as("still found").hasSize(1);
        assertThat(Samples.builder(schema).build().vectorScan()).isEqualTo(VectorScan.EXACT);
        TestServer.postgresql()
                .execute("CREATE INDEX other ON " + schema + ".docs_chunk USING hnsw (embedding vector_cosine_ops)");
        assertThat(Samples.builder(schema).build().vectorScan()).isEqualTo(VectorScan.HNSW);
    }

    @Test
    void refusesSettingsOutOfRange() {
        PgVectorIndex.Builder builder = Samples.builder(schema);
        assertThatIllegalArgumentException().isThrownBy(() -> builder.hnsw(1, 64));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.hnsw(16, 31));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.efSearch(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.efSearch(1001));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.tenant("x".repeat(201)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PgVectorIndex.builder(
                        TestServer.postgresql().dataSource(), new VectorStore.Stamp("m", 16_001)));
    }
}
