package dev.plinth.rag.sqlite;

import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.TextIndex;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.tck.LedgerContract;
import dev.plinth.api.tck.TextIndexContract;
import dev.plinth.api.tck.VectorStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The published contracts, with cosines counted in Java and by sqlite-vec. */
class SqliteIndexContractTest {
    private static final VectorStore.Stamp STAMP = new VectorStore.Stamp("model", 4);

    @TempDir
    Path directory;

    private SqliteIndex.Builder builder(VectorStore.Stamp stamp) {
        return SqliteIndex.builder(directory.resolve("index.db"), stamp);
    }

    @Nested
    class InJava extends VectorStoreContract {
        @Override
        protected VectorStore open(VectorStore.Stamp stamp) {
            return builder(stamp).open();
        }

        @Override
        protected VectorStore reopen(VectorStore.Stamp stamp) {
            return open(stamp);
        }

        @Override
        protected VectorStore openFor(String tenant, VectorStore.Stamp stamp) {
            return builder(stamp).tenant(tenant).open();
        }
    }

    @Nested
    class ByExtension extends VectorStoreContract {
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
            return builder(stamp)
                    .tenant(tenant)
                    .vectorExtension(VectorExtension.path())
                    .open();
        }
    }

    @Nested
    class ByWords extends TextIndexContract {
        @Override
        protected TextIndex open() {
            return builder(STAMP).open();
        }
    }

    @Nested
    class Documents extends LedgerContract {
        @Override
        protected Ledger open() {
            return builder(STAMP).open();
        }

        @Override
        protected Ledger reopen() {
            return open();
        }
    }
}
