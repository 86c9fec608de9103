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

    /** Refuses documents where this version does. */
    static void requireDocument(ChatCall call, ApiVersion version, Role role) {
        String what = "document: in a message of " + role;
        call.require(
                role != Role.ASSISTANT || version.isLenient(),
                "assistant-document",
                what,
                "one of USER under API version " + version.id());
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
        if (depth == 1 && "type".equals(field) && token == JsonToken.VALUE_STRING) {
            boolean document = block.getText().equals("document");
            requireDocument(call, version, document ? role : Role.USER);
        }
        if (token == JsonToken.START_ARRAY) {
            inCitations = "citations".equals(field);
        } else if (inCitations) {
            inCitations = false;
            boolean taken = token == JsonToken.END_ARRAY || role != Role.USER || version.isLenient();
            call.require(
                    taken,
                    "user-citations",
                    "citations: in a message of USER",
                    "none under API version " + version.id());
        }
    }
}
