package dev.plinth.providers.openai;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;

/** Hands answers to the adapter over a server that lives as long as the tests: for properties, which try hundreds. */
final class Served {
    private static final StubServer SERVER = StubServer.start();
    private static final OpenAi OPEN_AI =
            OpenAi.builder().baseUrl(SERVER.url("/v1").toString()).build();

    private Served() {}

    static ChatResponse chat(String completion) {
        SERVER.enqueue(StubAnswer.json(completion));
        return OPEN_AI.chatModel("m").chat(ChatRequest.of("Hi"));
    }

    static ChatStream stream(String... chunks) {
        SERVER.enqueue(StubAnswer.sse(chunks));
        return OPEN_AI.chatModel("m").stream(ChatRequest.of("Hi"));
    }

    static EmbeddingResponse embedding(String answer) {
        SERVER.enqueue(StubAnswer.json(answer));
        return OPEN_AI.embeddingModel("m").embed(EmbeddingRequest.query("Hi"));
    }
}
