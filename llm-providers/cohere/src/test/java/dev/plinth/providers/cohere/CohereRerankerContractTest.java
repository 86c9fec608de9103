package dev.plinth.providers.cohere;

import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.tck.RerankerContract;
import dev.plinth.api.testkit.StubServer;
import org.junit.jupiter.api.AfterEach;

class CohereRerankerContractTest extends RerankerContract {
    private final StubServer server = StubServer.start().otherwise(SearchServer::answer);
    private final Cohere cohere =
            Cohere.builder().baseUrl(server.url("/").toString()).apiKey("k").build();

    @AfterEach
    void close() {
        cohere.close();
        server.close();
    }

    @Override
    protected Reranker reranker() {
        return cohere.reranker("m");
    }
}
