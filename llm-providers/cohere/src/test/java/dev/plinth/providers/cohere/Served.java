package dev.plinth.providers.cohere;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;

/** Hands answers to the adapter over a server that lives as long as the tests: for properties, which try hundreds. */
final class Served {
    private static final StubServer SERVER = StubServer.start();
    private static final Cohere COHERE =
            Cohere.builder().baseUrl(SERVER.url("/").toString()).build();

    private Served() {}

    static ChatResponse chat(String answer) {
        return chat(StubAnswer.json(answer));
    }

    static ChatResponse chat(StubAnswer answer) {
        SERVER.enqueue(answer);
        return COHERE.chatModel("m").chat(ChatRequest.of("Hi"));
    }

    static ChatStream stream(String... events) {
        return stream(StubAnswer.sse(events));
    }

    static ChatStream stream(StubAnswer answer) {
        SERVER.enqueue(answer);
        return COHERE.chatModel("m").stream(ChatRequest.of("Hi"));
    }
}
