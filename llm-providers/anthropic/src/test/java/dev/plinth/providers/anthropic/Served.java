package dev.plinth.providers.anthropic;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import java.util.ArrayList;
import java.util.List;

/** Hands answers to the adapter over a server that lives as long as the tests: for properties, which try hundreds. */
final class Served {
    private static final StubServer SERVER = StubServer.start();
    private static final Anthropic ANTHROPIC =
            Anthropic.builder().baseUrl(SERVER.url("/").toString()).build();

    private Served() {}

    static ChatResponse chat(String message) {
        return chat(StubAnswer.json(message));
    }

    static ChatResponse chat(StubAnswer answer) {
        SERVER.enqueue(answer);
        return ANTHROPIC.chatModel("m").chat(ChatRequest.of("Hi"));
    }

    static ChatResponse stream(String... events) {
        return stream(StubAnswer.sse(events));
    }

    static ChatResponse stream(StubAnswer answer) {
        SERVER.enqueue(answer);
        try (ChatStream stream = ANTHROPIC.chatModel("m").stream(ChatRequest.of("Hi"))) {
            return stream.response();
        }
    }

    static List<StreamEvent> events(String... events) {
        SERVER.enqueue(StubAnswer.sse(events));
        try (ChatStream stream = ANTHROPIC.chatModel("m").stream(ChatRequest.of("Hi"))) {
            List<StreamEvent> all = new ArrayList<>();
            stream.forEach(all::add);
            return all;
        }
    }
}
