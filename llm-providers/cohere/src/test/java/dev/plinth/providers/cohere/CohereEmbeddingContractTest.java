package dev.plinth.providers.cohere;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.tck.EmbeddingModelContract;
import dev.plinth.api.testkit.StubServer;
import org.junit.jupiter.api.AfterEach;

class CohereEmbeddingContractTest extends EmbeddingModelContract {
    private final StubServer server = StubServer.start().otherwise(SearchServer::answer);
    private final Cohere cohere =
            Cohere.builder().baseUrl(server.url("/").toString()).apiKey("k").build();

    @AfterEach
    void close() {
        cohere.close();
        server.close();
    }

    @Override
    protected EmbeddingModel model() {
        return cohere.embeddingModel("m");
    }
}
