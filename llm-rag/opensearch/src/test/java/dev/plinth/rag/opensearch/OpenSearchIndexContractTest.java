package dev.plinth.rag.opensearch;

import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.TextIndex;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.tck.LedgerContract;
import dev.plinth.api.tck.TextIndexContract;
import dev.plinth.api.tck.VectorStoreContract;
import dev.plinth.rag.rest.RestClient;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** The published contracts, over a server that does what OpenSearch's documentation says. */
class OpenSearchIndexContractTest {
    private static final VectorStore.Stamp STAMP = new VectorStore.Stamp("model", 4);

    private final FakeOpenSearch openSearch = new FakeOpenSearch();

    private OpenSearchIndex.Builder builder(VectorStore.Stamp stamp) {
        RestClient servers = RestClient.builder(openSearch.server.url("/"))
                .basic("plinth", () -> "pw")
                .build();
        return OpenSearchIndex.builder(servers, "docs", stamp);
    }

    @AfterEach
    void stop() {
        openSearch.close();
    }

    @Nested
    class Vectors extends VectorStoreContract {
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

        @Override
        protected Set<Behavior> unsupported() {
            return Set.of(Behavior.ATOMIC);
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
