package dev.plinth.providers.ollama;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import java.util.List;

/** Hands answers to the adapter over a server that lives as long as the tests: for properties, which try hundreds. */
final class Served {
    private static final StubServer SERVER = StubServer.start();
    private static final Ollama OLLAMA =
            Ollama.builder().baseUrl(SERVER.url("/").toString()).build();

    private Served() {}

    static ChatResponse chat(String answer) {
        return chat(StubAnswer.json(answer));
    }

    static ChatResponse chat(StubAnswer answer) {
        SERVER.enqueue(answer);
        return OLLAMA.chatModel("m").chat(ChatRequest.of("Hi"));
    }

    /** The body that a request becomes. */
    static synchronized String sent(ChatRequest request) {
        SERVER.enqueue(StubAnswer.json("{\"message\":{\"content\":\"x\"},\"done\":true}"));
        OLLAMA.chatModel("m").chat(request);
        List<StubRequest> requests = SERVER.requests();
        return requests.get(requests.size() - 1).text();
    }

    static ChatStream stream(String... lines) {
        return stream(StubAnswer.lines("application/x-ndjson", lines));
    }

    static ChatStream stream(StubAnswer answer) {
        SERVER.enqueue(answer);
        return OLLAMA.chatModel("m").stream(ChatRequest.of("Hi"));
    }

    static EmbeddingResponse embedding(String answer, String... texts) {
        SERVER.enqueue(StubAnswer.json(answer));
        return OLLAMA.embeddingModel("m").embed(EmbeddingRequest.documents(List.of(texts)));
    }
}
