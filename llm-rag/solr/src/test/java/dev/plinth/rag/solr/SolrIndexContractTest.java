package dev.plinth.rag.solr;

import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.TextIndex;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.tck.LedgerContract;
import dev.plinth.api.tck.TextIndexContract;
import dev.plinth.api.tck.VectorStoreContract;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** The published contracts, over a cluster of two nodes and two shards. */
@Tag("once")
@ExtendWith(TestCluster.class)
class SolrIndexContractTest {
    private static final VectorStore.Stamp STAMP = new VectorStore.Stamp("contract-model", 8);

    private String tenant = TestCluster.fresh("tenant");

    private SolrIndex open(String tenant, VectorStore.Stamp stamp) {
        return TestCluster.shared(stamp).tenant(tenant).open();
    }

    @Nested
    class Vectors extends VectorStoreContract {
        @Override
        protected VectorStore open(VectorStore.Stamp stamp) {
            return SolrIndexContractTest.this.open(tenant, stamp);
        }

        @Override
        protected VectorStore reopen(VectorStore.Stamp stamp) {
            return open(stamp);
        }

        @Override
        protected VectorStore openFor(String other, VectorStore.Stamp stamp) {
            return SolrIndexContractTest.this.open(tenant + other, stamp);
        }

        @Override
        protected Set<Behavior> unsupported() {
            return Set.of(Behavior.EXACT, Behavior.ATOMIC);
        }
    }

    /** On one shard: each weighs words by what it holds itself, so that four chunks on two are in no certain order. */
    @Nested
    class ByWords extends TextIndexContract {
        @Override
        protected TextIndex open() {
            return TestCluster.oneShard(STAMP).tenant(tenant).open();
        }
    }

    @Nested
    class Documents extends LedgerContract {
        @Override
        protected Ledger open() {
            return SolrIndexContractTest.this.open(tenant, STAMP);
        }

        @Override
        protected Ledger reopen() {
            return open();
        }
    }
}
