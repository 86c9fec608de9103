package dev.plinth.providers.cohere;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.tck.EmbeddingModelContract;
import dev.plinth.api.testkit.StubServer;
import org.junit.jupiter.api.AfterEach;

class JinaEmbeddingContractTest extends EmbeddingModelContract {
    private final StubServer server = StubServer.start().otherwise(SearchServer::answer);
    private final Jina jina =
            Jina.builder().baseUrl(server.url("/").toString()).apiKey("k").build();

    @AfterEach
    void close() {
        jina.close();
        server.close();
    }

    @Override
    protected EmbeddingModel model() {
        return jina.embeddingModel("m");
    }

    /** More than go into one call. */
    @Override
    protected int many() {
        return 1100;
    }
}
