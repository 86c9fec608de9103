package dev.plinth.rag.pgvector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.Value;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the HNSW index finds of what there is, with and without filters. */
@Tag("once")
class RecallTest {
    private static final int CHUNKS = 2000;
    private static final int DIMENSIONS = 16;
    private static final int K = 10;
    private static final int QUERIES = 20;

    private final String schema = TestServer.newSchema();

    private PgVectorIndex.Builder builder(String name) {
        return PgVectorIndex.builder(TestServer.postgresql().dataSource(), new VectorStore.Stamp("model", DIMENSIONS))
                .schema(schema)
                .name(name);
    }

    @Test
    void findsWhatAnExactSearchFinds() {
        List<Embedded> all = chunks();
        PgVectorIndex approximate = builder("hnsw").build();
        PgVectorIndex exact = builder("exact").exact().build();
        approximate.upsert(all);
        exact.upsert(all);
        assertThat(approximate.vectorScan()).isEqualTo(VectorScan.HNSW);
        assertThat(recall(approximate, exact, Filter.all())).isGreaterThanOrEqualTo(0.95);
        assertThat(recall(approximate, exact, Readers.filter(List.of("group:1"))))
                .isGreaterThanOrEqualTo(0.95);
        assertThat(recall(approximate, exact, Filter.atMost("n", 20))).isEqualTo(1);
        assertThat(recall(approximate, exact, Filter.eq("n", Value.of(7)))).isEqualTo(1);
    }

    private static List<Embedded> chunks() {
        Random random = new Random(1);
        List<Embedded> all = new ArrayList<>();
        for (int i = 0; i < CHUNKS; i++) {
            Metadata metadata = (i % 2 == 0 ? Readers.EVERYONE : Readers.of("group:" + i % 50))
                    .on(Metadata.NONE)
                    .with("n", Value.of(i));
            all.add(new Embedded(Samples.chunk("c" + i, "zebra", metadata), Samples.random(random, DIMENSIONS)));
        }
        return all;
    }

    /** The share of the nearest that are found; as many as there are must be found at all. */
    private static double recall(PgVectorIndex approximate, PgVectorIndex exact, Filter filter) {
        Random random = new Random(2);
        int expected = 0;
        int hits = 0;
        for (int i = 0; i < QUERIES; i++) {
            VectorQuery query = new VectorQuery(Samples.random(random, DIMENSIONS), K, filter);
            Set<String> nearest = new HashSet<>(Samples.ids(exact.search(query)));
            List<String> found = Samples.ids(approximate.search(query));
            assertThat(found).hasSameSizeAs(nearest);
            expected += nearest.size();
            hits += (int) found.stream().filter(nearest::contains).count();
        }
        return (double) hits / expected;
    }
}
