package dev.plinth.providers.cohere;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.tck.EmbeddingModelContract;
import dev.plinth.api.testkit.StubServer;
import org.junit.jupiter.api.AfterEach;

class VoyageEmbeddingContractTest extends EmbeddingModelContract {
    private final StubServer server = StubServer.start().otherwise(SearchServer::answer);
    private final Voyage voyage =
            Voyage.builder().baseUrl(server.url("/").toString()).apiKey("k").build();

    @AfterEach
    void close() {
        voyage.close();
        server.close();
    }

    @Override
    protected EmbeddingModel model() {
        return voyage.embeddingModel("m");
    }
}
