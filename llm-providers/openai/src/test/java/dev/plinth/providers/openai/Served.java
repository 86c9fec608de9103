package dev.plinth.providers.openai;

import dev.plinth.api.chat.ChatModel;
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
        return answered(OPEN_AI.chatModel("m"), completion);
    }

    static ChatStream stream(String... chunks) {
        return streamed(OPEN_AI.chatModel("m"), chunks);
    }

    static ChatResponse response(String response) {
        return answered(OPEN_AI.responsesModel("m"), response);
    }

    static ChatStream responseStream(String... events) {
        return streamed(OPEN_AI.responsesModel("m"), events);
    }

    private static ChatResponse answered(ChatModel model, String body) {
        SERVER.enqueue(StubAnswer.json(body));
        return model.chat(ChatRequest.of("Hi"));
    }

    private static ChatStream streamed(ChatModel model, String... data) {
        SERVER.enqueue(StubAnswer.sse(data));
        return model.stream(ChatRequest.of("Hi"));
    }

    static EmbeddingResponse embedding(String answer) {
        SERVER.enqueue(StubAnswer.json(answer));
        return OPEN_AI.embeddingModel("m").embed(EmbeddingRequest.query("Hi"));
    }
}
