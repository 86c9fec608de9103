package dev.plinth.providers.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.Role;
import dev.plinth.api.check.Check;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.Json;
import java.io.IOException;

/** Copies a block that is in the protocol's words already, unless the version of the API refuses it. For one block. */
final class OtherWriter {

    private final ChatCall call;
    private final ApiVersion version;
    private final Role role;
    private boolean inCitations;

    OtherWriter(ChatCall call, ApiVersion version, Role role) {
        this.call = call;
        this.version = version;
        this.role = role;
    }

    /**
     * Writes the fields of the block into the object that is being written.
     *
     * @throws IllegalArgumentException if it is not an object
     */
    void write(Part.Other other, JsonGenerator json) throws IOException {
        String name = "part." + other.type();
        try (JsonParser block = Json.FACTORY.createParser(other.json())) {
            Check.that(block.nextToken() == JsonToken.START_OBJECT, name, "no object", "an object");
            int depth = 1;
            while (depth > 0) {
                JsonToken token = block.nextToken();
                Check.that(token != null, name, "cut short", "an object");
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth > 0) {
                    requireTaken(token, depth, block);
                    Json.copyToken(block, json);
                }
            }
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(name + ": broken JSON (expected: an object)");
        }
    }

    private void requireTaken(JsonToken token, int depth, JsonParser block) throws IOException {
        String field = block.currentName();
        boolean type = depth == 1 && "type".equals(field) && token == JsonToken.VALUE_STRING;
        if (type && role == Role.ASSISTANT && block.getText().equals("document")) {
            version.requireLenient(call, "assistant-document", "document: in a message of ASSISTANT");
        }
        if (inCitations && role == Role.USER && token != JsonToken.END_ARRAY) {
            version.requireLenient(call, "user-citations", "citations: in a message of USER");
        }
        inCitations = token == JsonToken.START_ARRAY && "citations".equals(field);
    }
}
