package dev.plinth.providers.bedrock;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;

/** Hands answers to the adapter over a server that lives as long as the tests: for properties, which try hundreds. */
final class Served {
    private static final StubServer SERVER = StubServer.start();
    private static final Bedrock BEDROCK = Bedrock.builder()
            .region("us-east-1")
            .baseUrl(SERVER.url("/").toString())
            .apiKey("bedrock-key")
            .build();

    private Served() {}

    static ChatResponse chat(String answer) {
        SERVER.enqueue(StubAnswer.json(answer));
        return BEDROCK.chatModel("m").chat(ChatRequest.of("Hi"));
    }

    static ChatStream stream(byte[]... messages) {
        SERVER.enqueue(StubAnswer.of(200, EventStreamFrames.MEDIA_TYPE, Frames.join(messages)));
        return BEDROCK.chatModel("m").stream(ChatRequest.of("Hi"));
    }
}
