package dev.plinth.rag.pgvector;

import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.TextIndex;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.tck.LedgerContract;
import dev.plinth.api.tck.TextIndexContract;
import dev.plinth.api.tck.VectorStoreContract;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The published contracts on a real server, in each way to scan, and with row security. */
@Tag("once")
class PgVectorIndexContractTest {
    private static final VectorStore.Stamp STAMP = new VectorStore.Stamp("model", 4);

    private static PgVectorIndex.Builder builder(String schema, VectorStore.Stamp stamp) {
        return PgVectorIndex.builder(TestServer.postgresql().dataSource(), stamp)
                .schema(schema);
    }

    @Nested
    class Approximate extends VectorStoreContract {
        private String schema;

        @Override
        protected VectorStore open(VectorStore.Stamp stamp) {
            schema = TestServer.newSchema();
            return reopen(stamp);
        }

        @Override
        protected VectorStore reopen(VectorStore.Stamp stamp) {
            return builder(schema, stamp).build();
        }

        @Override
        protected VectorStore openFor(String tenant, VectorStore.Stamp stamp) {
            return builder(schema, stamp).tenant(tenant).rowSecurity(false).build();
        }

        @Override
        protected Set<Behavior> unsupported() {
            return Set.of(Behavior.EXACT);
        }
    }

    @Nested
    class Exact extends VectorStoreContract {
        private String schema;

        @Override
        protected VectorStore open(VectorStore.Stamp stamp) {
            schema = TestServer.newSchema();
            return reopen(stamp);
        }

        @Override
        protected VectorStore reopen(VectorStore.Stamp stamp) {
            return builder(schema, stamp).exact().build();
        }

        @Override
        protected VectorStore openFor(String tenant, VectorStore.Stamp stamp) {
            return builder(schema, stamp).tenant(tenant).rowSecurity(false).build();
        }
    }

    @Nested
    class ByWords extends TextIndexContract {
        @Override
        protected TextIndex open() {
            return builder(TestServer.newSchema(), STAMP).build();
        }
    }

    @Nested
    class Documents extends LedgerContract {
        private String schema;

        @Override
        protected Ledger open() {
            schema = TestServer.newSchema();
            return reopen();
        }

        @Override
        protected Ledger reopen() {
            return builder(schema, STAMP).build();
        }
    }
}
