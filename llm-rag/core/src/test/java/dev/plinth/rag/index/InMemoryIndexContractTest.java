package dev.plinth.rag.index;

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

/** The published contracts, in each way to scan. An index in memory is kept by saving it, not by closing it. */
class InMemoryIndexContractTest {
    @Nested
    class Automatic extends VectorStoreContract {
        @Override
        protected VectorStore open(VectorStore.Stamp stamp) {
            return InMemoryIndex.builder(stamp).build();
        }

        @Override
        protected Set<Behavior> unsupported() {
            return Set.of(Behavior.DURABLE, Behavior.TENANTS);
        }
    }

    @Nested
    class Binary extends VectorStoreContract {
        @Override
        protected VectorStore open(VectorStore.Stamp stamp) {
            return InMemoryIndex.builder(stamp).scanMode(ScanMode.BINARY).build();
        }

        @Override
        protected Set<Behavior> unsupported() {
            return Set.of(Behavior.DURABLE, Behavior.EXACT, Behavior.TENANTS);
        }
    }

    @Nested
    class Mapped extends VectorStoreContract {
        @TempDir
        Path folder;

        @Override
        protected VectorStore open(VectorStore.Stamp stamp) {
            return InMemoryIndex.builder(stamp).mapped(folder).build();
        }

        @Override
        protected Set<Behavior> unsupported() {
            return Set.of(Behavior.DURABLE, Behavior.TENANTS);
        }
    }

    @Nested
    class ByWords extends TextIndexContract {
        @Override
        protected TextIndex open() {
            return InMemoryIndex.builder(new VectorStore.Stamp("model", 4)).build();
        }
    }

    @Nested
    class Documents extends LedgerContract {
        @Override
        protected Ledger open() {
            return InMemoryIndex.builder(new VectorStore.Stamp("model", 4)).build();
        }

        @Override
        protected Set<Behavior> unsupported() {
            return Set.of(Behavior.DURABLE);
        }
    }
}
