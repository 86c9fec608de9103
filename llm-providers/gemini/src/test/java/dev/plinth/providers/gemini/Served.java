package dev.plinth.providers.gemini;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;

/** Hands answers to the adapter over a server that lives as long as the tests: for properties, which try hundreds. */
final class Served {
    private static final StubServer SERVER = StubServer.start();
    private static final Gemini GEMINI =
            Gemini.builder().baseUrl(SERVER.url("/").toString()).build();
    private static final ChatRequest HI = ChatRequest.of("Hi");

    private Served() {}

    static ChatResponse chat(String response) {
        return chat(StubAnswer.json(response));
    }

    static ChatResponse chat(StubAnswer answer) {
        SERVER.otherwise(request -> answer);
        return GEMINI.chatModel("m").chat(HI);
    }

    static ChatStream stream(String... responses) {
        return stream(StubAnswer.sse(responses));
    }

    static ChatStream stream(StubAnswer answer) {
        SERVER.otherwise(request -> answer);
        return GEMINI.chatModel("m").stream(HI);
    }
}
