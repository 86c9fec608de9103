package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.ChatProtocol;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.io.StringWriter;

/** The bodies that requests become. */
final class Bodies {

    private Bodies() {}

    static JsonNode chat(ChatRequest.Builder request) throws IOException {
        return chat(request, Dialect.OPEN_AI, false);
    }

    static JsonNode chat(ChatRequest.Builder request, Dialect dialect, boolean streamed) throws IOException {
        return written(new ChatCompletions(Paths.OPEN_AI, dialect), request, streamed);
    }

    static JsonNode responses(ChatRequest.Builder request, boolean streamed) throws IOException {
        return written(new Responses(Paths.OPEN_AI), request, streamed);
    }

    private static JsonNode written(ChatProtocol protocol, ChatRequest.Builder builder, boolean streamed)
            throws IOException {
        ChatRequest request = builder.build();
        ChatCall call = new ChatCall(request, request.model().orElse("m"), streamed, ErrorDetails.NONE);
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.FACTORY.createGenerator(text)) {
            protocol.write(call, json);
        }
        return TestJson.JSON.readTree(text.toString());
    }
}
