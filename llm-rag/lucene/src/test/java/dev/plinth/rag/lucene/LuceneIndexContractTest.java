package dev.plinth.rag.lucene;

import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.TextIndex;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.tck.LedgerContract;
import dev.plinth.api.tck.TextIndexContract;
import dev.plinth.api.tck.VectorStoreContract;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The published contracts. */
class LuceneIndexContractTest {
    private static final VectorStore.Stamp STAMP = new VectorStore.Stamp("model", 4);

    @TempDir
    Path directory;

    @Nested
    class Approximate extends VectorStoreContract {
        @Override
        protected VectorStore open(VectorStore.Stamp stamp) {
            return LuceneIndex.builder(directory, stamp).open();
        }

        @Override
        protected VectorStore reopen(VectorStore.Stamp stamp) {
            return open(stamp);
        }

        @Override
        protected VectorStore openFor(String tenant, VectorStore.Stamp stamp) {
            return LuceneIndex.builder(directory, stamp).tenant(tenant).open();
        }

        @Override
        protected Set<Behavior> unsupported() {
            return Set.of(Behavior.EXACT);
        }
    }

    @Nested
    class Exact extends VectorStoreContract {
        @Override
        protected VectorStore open(VectorStore.Stamp stamp) {
            return openFor("acme", stamp);
        }

        @Override
        protected VectorStore reopen(VectorStore.Stamp stamp) {
            return open(stamp);
        }

        @Override
        protected VectorStore openFor(String tenant, VectorStore.Stamp stamp) {
            return LuceneIndex.builder(directory, stamp).tenant(tenant).exact().open();
        }
    }

    @Nested
    class ByWords extends TextIndexContract {
        @Override
        protected TextIndex open() {
            return LuceneIndex.builder(directory, STAMP).open();
        }
    }

    @Nested
    class Documents extends LedgerContract {
        @Override
        protected Ledger open() {
            return LuceneIndex.builder(directory, STAMP).open();
        }

        @Override
        protected Ledger reopen() {
            return open();
        }
    }
}
