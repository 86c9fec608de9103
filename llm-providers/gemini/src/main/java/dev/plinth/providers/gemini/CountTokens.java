package dev.plinth.providers.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.Role;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.TokenProtocol;
import java.io.IOException;

/** The method {@code countTokens}. */
record CountTokens(ModelPath models, Schemas schemas) implements TokenProtocol {

    @Override
    public String path(ChatCall call) {
        return models.of(call.model(), "countTokens");
    }

    /** The Gemini API counts the messages alone, or all of a request in a field of its own. */
    @Override
    public void write(ChatCall call, JsonGenerator json) throws IOException {
        RequestWriter request = new RequestWriter(call, schemas, models.vertex());
        json.writeStartObject();
        if (models.vertex()) {
            request.writeInput(json);
        } else if (isMessagesAlone(call.request())) {
            new ContentsWriter(call, json).write();
        } else {
            json.writeObjectFieldStart("generateContentRequest");
            json.writeStringField("model", models.resource(call.model()));
            request.write(json);
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static boolean isMessagesAlone(ChatRequest request) {
        return request.messages().stream().noneMatch(message -> message.role() == Role.SYSTEM)
                && request.tools().isEmpty()
                && request.responseFormat() instanceof ResponseFormat.Text
                && request.options().names().isEmpty();
    }

    @Override
    public String field() {
        return "totalTokens";
    }
}
