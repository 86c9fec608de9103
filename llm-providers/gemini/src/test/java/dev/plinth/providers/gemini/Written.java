package dev.plinth.providers.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Message;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** Bodies as the adapter writes them. */
final class Written {

    private Written() {}

    static JsonNode body(ChatRequest request) {
        return body(request, ModelPath.GEMINI_API, Schemas.JSON_SCHEMA);
    }

    static JsonNode body(ChatRequest.Builder request) {
        return body(request.build());
    }

    static JsonNode body(ChatRequest request, ModelPath models, Schemas schemas) {
        ChatCall call = new ChatCall(request, request.model().orElse("gemini-3-m"), false, ErrorDetails.NONE);
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.FACTORY.createGenerator(text)) {
            new GenerateContent(models, schemas).write(call, json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Answers.json(text.toString());
    }

    /** What is sent when this is what was said. */
    static JsonNode contents(Message... said) {
        return body(ChatRequest.builder().messages(List.of(said))).get("contents");
    }
}
