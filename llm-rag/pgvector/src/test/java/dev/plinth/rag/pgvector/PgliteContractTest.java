package dev.plinth.rag.pgvector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.tck.VectorStoreContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract of vectors on a newer pgvector, which goes on scanning by itself and has vectors in half precision. */
@Tag("once")
class PgliteContractTest {

    /** One backend serves all connections: it cannot run Flyway, which holds a lock on a second one. */
    private static PgVectorIndex open(VectorStore.Stamp stamp) {
        PgVectorIndex.Builder builder = PgVectorIndex.builder(
                        TestServer.pglite().dataSource(), stamp)
                .schema(TestServer.newSchema())
                .migrate(false);
        TestServer.pglite().execute(builder.script());
        return builder.build();
    }

    @Nested
    class Vectors extends VectorStoreContract {
        @Override
        protected VectorStore open(VectorStore.Stamp stamp) {
            return PgliteContractTest.open(stamp);
        }

        @Override
        protected Set<Behavior> unsupported() {
            return Set.of(Behavior.EXACT, Behavior.DURABLE, Behavior.TENANTS);
        }
    }

    @Test
    void longVectorsAreFoundInHalfPrecision() {
        int dimensions = 2500;
        PgVectorIndex index = open(new VectorStore.Stamp("large", dimensions));
        assertThat(index.vectorScan()).isEqualTo(VectorScan.HNSW_HALF);
        Random random = new Random(1);
        List<Embedded> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            all.add(new Embedded(Samples.chunk("c" + i, "zebra"), Samples.random(random, dimensions)));
        }
        index.upsert(all);
        for (Embedded one : all.subList(0, 5)) {
            var found = index.search(new VectorQuery(one.vector(), 3));
            assertThat(found).hasSize(3);
            assertThat(found.get(0).chunk()).isEqualTo(one.chunk());
            assertThat(found.get(0).score()).as("exact, not half").isGreaterThan(1 - 1e-6);
        }
    }
}
