package dev.plinth.providers.cohere;

import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.tck.RerankerContract;
import dev.plinth.api.testkit.StubServer;
import org.junit.jupiter.api.AfterEach;

class VoyageRerankerContractTest extends RerankerContract {
    private final StubServer server = StubServer.start().otherwise(SearchServer::answer);
    private final Voyage voyage =
            Voyage.builder().baseUrl(server.url("/").toString()).apiKey("k").build();

    @AfterEach
    void close() {
        voyage.close();
        server.close();
    }

    @Override
    protected Reranker reranker() {
        return voyage.reranker("m");
    }
}
