package dev.plinth.rag.pgvector;

import static dev.plinth.rag.pgvector.Samples.chunk;
import static dev.plinth.rag.pgvector.Samples.embedded;
import static dev.plinth.rag.pgvector.Samples.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.HybridIndex;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

@Tag("once")
class PgVectorIndexTest {
    private static final float[] X = {1, 0, 0, 0};

    private final String schema = TestServer.newSchema();

    private PgVectorIndex open() {
        return Samples.builder(schema).build();
    }

    @Test
    void searchesBothWaysAtOnceAsEachByItself() {
        PgVectorIndex index = open();
        index.upsert(List.of(
                embedded("near", "violet harbor", 3, 1, 0, 0),
                embedded("words", "zebra piano zebra", 0, 0, 1, 0),
                embedded("both", "zebra", 1, 0, 0, 0)));
        VectorQuery vector = new VectorQuery(X, 2);
        TextQuery text = new TextQuery("zebra?", 5, new Filter.Exists("x").negate());
        HybridIndex.Both both = index.search(vector, text);
        assertThat(ids(both.byVector())).containsExactly("both", "near");
        assertThat(ids(both.byWords())).containsExactlyInAnyOrder("both", "words");
        assertThat(both).isEqualTo(new HybridIndex.Both(index.search(vector), index.search(text)));
    }

    @Test
    void aRareWordSaysMoreThanACommonOne() {
        PgVectorIndex index = open();
        List<Chunk> chunks = new ArrayList<>(List.of(chunk("rare", "walrus candle")));
        for (int i = 0; i < 50; i++) {
            chunks.add(chunk("common" + i, "zebra zebra"));
        }
        index.add(chunks);
        assertThat(ids(index.search(new TextQuery("zebra walrus", 60))))
                .hasSize(51)
                .startsWith("rare");
    }

    @Test
    void theOneChunkWithTheRareWordIsFoundAmongThousandsWithTheCommonOne() {
        PgVectorIndex index = open();
        List<Chunk> chunks =
                new ArrayList<>(List.of(chunk("rare", "xq7 and a long text about other things beside it")));
        for (int i = 0; i < 1500; i++) {
            chunks.add(chunk("common" + i, "warranty warranty"));
        }
        index.add(chunks);
        assertThat(ids(index.search(new TextQuery("warranty xq7", 1000))))
                .hasSize(1000)
                .startsWith("rare");
    }

    @Test
    void theChunksOfOtherTenantsDoNotChangeAScore() {
        PgVectorIndex index = open();
        index.add(List.of(chunk("a", "zebra"), chunk("b", "zebra walrus"), chunk("c", "piano")));
        TextQuery query = new TextQuery("zebra walrus", 5);
        List<Match> alone = index.search(query);
        PgVectorIndex other =
                Samples.builder(schema).tenant("other").rowSecurity(false).build();
        for (int i = 0; i < 3; i++) {
            other.add(List.of(chunk("a" + i, "zebra"), chunk("b" + i, "piano")));
        }
        TestServer.postgresql().execute("ANALYZE " + schema + ".docs_chunk");
        assertThat(index.search(query)).isEqualTo(alone).hasSize(2);
    }

    @Test
    void aChunkIsFoundByTheHeadingsAboveIt() {
        PgVectorIndex index = open();
        Chunk chunk = new Chunk(
                "a", "d", "s", "violet", new Chunk.Span(0, 6, 1, 1), List.of("Zebras", "Harbor"), Metadata.NONE);
        index.add(List.of(chunk));
        assertThat(ids(index.search(new TextQuery("zebra", 1)))).containsExactly("a");
        assertThat(ids(index.search(new TextQuery("harbors", 1)))).containsExactly("a");
    }

    @Test
    void whatIsAddedForWordsLeavesTheVectorThatIsThere() {
        PgVectorIndex index = open();
        index.upsert(List.of(embedded("a", "zebra", X)));
        index.add(List.of(chunk("a", "piano"), chunk("b", "piano")));
        assertThat(ids(index.search(new TextQuery("piano", 5)))).containsExactlyInAnyOrder("a", "b");
        assertThat(ids(index.search(new VectorQuery(X, 5)))).containsExactly("a");
        assertThat(index.fetch(List.of("a", "b")))
                .extracting(one -> one.chunk().text())
                .containsExactly("piano");
        assertThat(index.scan(null, 10).chunks()).hasSize(1);
        assertThat(index.size()).isEqualTo(2);
    }

    @Test
    void idsMayBeOfAnyLength() {
        PgVectorIndex index = open();
        List<String> ids = new ArrayList<>();
        Map<String, Ledger.Entry> entries = new TreeMap<>();
        for (int i = 0; i < 9; i++) {
            String id = "\u65e5\ud83d\ude00".repeat(3000) + (9 - i);
            ids.add(id);
            entries.put(id, new Ledger.Entry(new Ledger.Stored("v", "d", id, i, Instant.EPOCH), null, null));
        }
        index.upsert(ids.stream().map(id -> embedded(id, "zebra", X)).toList());
        assertThat(index.fetch(ids)).hasSize(9);
        assertThat(index.scan(null, 4).next()).hasSizeLessThan(100);
        String source = "s".repeat(9000);
        index.put(source, entries);
        Map<String, Ledger.Entry> first = index.list(source, null, 5);
        assertThat(first.keySet())
                .containsExactlyElementsOf(
                        new TreeMap<>(entries).keySet().stream().limit(5).toList());
        assertThat(index.list(source, new ArrayList<>(first.keySet()).get(4), 9))
                .hasSize(4);
        assertThat(index.sources()).containsExactly(source);
    }

    @Test
    void theLedgerIsInTheOrderOfUtf16() {
        PgVectorIndex index = open();
        Map<String, Ledger.Entry> entries = new TreeMap<>();
        for (String id :
                List.of("\ud83d\ude00", "\uff21", "\ud7ff", "z", "\u0001", "\u0000", "\u0000\u0001", "\ud800")) {
            entries.put(id, new Ledger.Entry(new Ledger.Stored("v", "d", "p", 0, Instant.MAX), null, null));
        }
        index.put("docs", entries);
        assertThat(index.list("docs", null, 20).keySet()).containsExactlyElementsOf(entries.keySet());
        assertThat(index.list("docs", "z", 20).keySet()).containsExactly("\ud7ff", "\ud800", "\ud83d\ude00", "\uff21");
        assertThat(index.find("docs", entries.keySet())).isEqualTo(entries);
    }

    @Test
    void sourcesThatHaveNothingLeftAreForgotten() {
        PgVectorIndex index = open();
        index.put("docs", Map.of("a", new Ledger.Entry(new Ledger.Stored("v", "d", "p", 0, Instant.MIN), null, null)));
        index.remove("docs", List.of("a"));
        assertThat(index.sources()).isEmpty();
    }

    @Test
    void moreThanAnHnswIndexCanKeepAreFoundAll() {
        PgVectorIndex index = open();
        List<Embedded> many = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            many.add(embedded("c" + i, "zebra", 1, i, 0, 0));
        }
        index.upsert(many);
        assertThat(index.vectorScan()).isEqualTo(VectorScan.HNSW);
        assertThat(index.search(new VectorQuery(X, 1200))).hasSize(1200);
        assertThat(index.search(new VectorQuery(X, 900))).hasSize(900);
        assertThat(index.scan(index.scan(null, 1000).next(), 1000).chunks()).hasSize(500);
    }

    @Test
    void vectorsOfManyDimensionsAreComparedOneByOne() {
        float[] vector = new float[2001];
        vector[2000] = 1;
        PgVectorIndex index = PgVectorIndex.builder(
                        TestServer.postgresql().dataSource(), new VectorStore.Stamp("large", vector.length))
                .schema(schema)
                .build();
        index.upsert(List.of(embedded("a", "zebra", vector)));
        assertThat(index.vectorScan()).isEqualTo(VectorScan.EXACT);
        assertThat(index.search(new VectorQuery(vector, 1)).get(0).score()).isEqualTo(1);
    }

    @Test
    void whatMeetsADeadlockIsTriedAgainAFewTimes() {
        open().upsert(List.of(embedded("a", "zebra", X)));
        AtomicInteger left = new AtomicInteger();
        PgVectorIndex index = PgVectorIndex.builder(failing(left, "40P01"), Samples.STAMP)
                .schema(schema)
                .build();
        left.set(4);
        index.upsert(List.of(embedded("b", "zebra", X)));
        assertThat(index.size()).isEqualTo(2);
        left.set(5);
        assertThatThrownBy(() -> index.upsert(List.of(embedded("c", "zebra", X))))
                .isInstanceOf(StoreException.class)
                .hasMessage("write: SQL state 40P01 (expected: success)")
                .hasCauseInstanceOf(SQLException.class);
        assertThat(index.size()).isEqualTo(2);
    }

    @Test
    void whatElseFailsIsNotTriedAgain() {
        AtomicInteger left = new AtomicInteger();
        PgVectorIndex index = PgVectorIndex.builder(failing(left, "53100"), Samples.STAMP)
                .schema(schema)
                .build();
        left.set(1);
        assertThatThrownBy(() -> index.upsert(List.of(embedded("b", "zebra", X))))
                .isInstanceOf(StoreException.class);
        assertThat(index.size()).isZero();
    }

    /** Connections whose commit fails as often as this says, the work being undone. */
    private static DataSource failing(AtomicInteger left, String state) {
        return connections((connection, method, arguments) -> {
            if (method.equals("commit") && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                connection.rollback();
                throw new SQLException("made up", state);
            }
        });
    }

    @Test
    void aWriteThatRunsOutOfMemoryKeepsNothing() {
        open().upsert(List.of(embedded("old", "zebra", X)));
        AtomicInteger statements = new AtomicInteger(-1);
        PgVectorIndex index = PgVectorIndex.builder(
                        connections((connection, method, arguments) -> {
                            if (method.equals("prepareStatement") && statements.getAndDecrement() == 0) {
                                throw new OutOfMemoryError("made up");
                            }
                        }),
                        Samples.STAMP)
                .schema(schema)
                .build();
        statements.set(3); // after the lock of the writer, the lock of the rows and the new chunks
        assertThatThrownBy(() -> index.write(List.of(embedded("new", "zebra", X)), List.of("old")))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(ids(open().search(new VectorQuery(X, 5)))).containsExactly("old");
    }

    private interface Before {
        void call(Connection connection, String method, Object[] arguments) throws SQLException;
    }

    private static DataSource connections(Before before) {
        DataSource real = TestServer.postgresql().dataSource();
        return (DataSource) Proxy.newProxyInstance(
                PgVectorIndexTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> {
                    Connection connection = (Connection) method.invoke(real, arguments);
                    return Proxy.newProxyInstance(
                            PgVectorIndexTest.class.getClassLoader(),
                            new Class<?>[] {Connection.class},
                            (self, called, values) -> {
                                before.call(connection, called.getName(), values);
                                try {
                                    return called.invoke(connection, values);
                                } catch (InvocationTargetException failed) {
                                    throw failed.getCause();
                                }
                            });
                });
    }

    @Test
    void aSearchIsOneRoundTripAndACommit() {
        open().upsert(List.of(embedded("a", "zebra", X)));
        List<String> calls = new ArrayList<>();
        PgVectorIndex index = PgVectorIndex.builder(
                        connections((connection, method, arguments) -> calls.add(method)), Samples.STAMP)
                .schema(schema)
                .build();
        calls.clear();
        index.search(new VectorQuery(X, 1), new TextQuery("zebra", 1));
        assertThat(calls)
                .filteredOn(List.of("prepareStatement", "createStatement", "commit")::contains)
                .containsExactly("prepareStatement", "commit");
    }

    @Test
    void aPoolWithoutAutomaticCommitsIsServedToo() throws SQLException {
        HikariConfig configuration = new HikariConfig();
        configuration.setJdbcUrl(TestServer.postgresql().url());
        configuration.setAutoCommit(false);
        configuration.setMaximumPoolSize(2);
        try (HikariDataSource pool = new HikariDataSource(configuration)) {
            PgVectorIndex.builder(pool, Samples.STAMP)
                    .schema(schema)
                    .build()
                    .upsert(List.of(embedded("a", "zebra", X)));
            assertThat(open().size()).isEqualTo(1);
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.getAutoCommit()).isFalse();
            }
        }
    }

    @Test
    void refusesWhatItIsGivenWrongly() {
        PgVectorIndex index = open();
        assertThatIllegalArgumentException().isThrownBy(() -> index.scan("not hex", 5));
        assertThatIllegalArgumentException().isThrownBy(() -> index.scan(null, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> index.checkpoint(" "));
    }

    @Test
    void aClosedIndexAndAnAbsentDatabaseAreErrorsOfTheStore() {
        PgVectorIndex index = open();
        index.close();
        index.close();
        assertThatThrownBy(index::size).isInstanceOf(StoreException.class).hasMessageContaining("closed");
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setURL("jdbc:postgresql://127.0.0.1:1/none?user=none&connectTimeout=2");
        assertThatThrownBy(() -> PgVectorIndex.builder(nowhere, Samples.STAMP).build())
                .isInstanceOf(StoreException.class)
                .hasCauseInstanceOf(SQLException.class);
    }
}
