package dev.plinth.rag.qdrant;

import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.tck.VectorStoreContract;
import dev.plinth.rag.rest.RestClient;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

/** The published contract, over a server that does what Qdrant's description says. */
class QdrantStoreContractTest extends VectorStoreContract {
    private final FakeQdrant qdrant = new FakeQdrant();

    private QdrantStore.Builder builder(VectorStore.Stamp stamp) {
        RestClient servers = RestClient.builder(qdrant.server.url("/"))
                .header("api-key", FakeQdrant::key)
                .build();
        return QdrantStore.builder(servers, "docs", stamp);
    }

    @Override
    protected VectorStore open(VectorStore.Stamp stamp) {
        return builder(stamp).exact().open();
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

    @AfterEach
    void stop() {
        qdrant.close();
    }
}
