package dev.plinth.providers.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.providers.wire.Json;
import java.io.IOException;

/** The arguments of a tool call, for a protocol that takes an object only. */
final class ToolArguments {

    private ToolArguments() {}

    /** Writes them; what is no object, since models write broken JSON, becomes one that holds the text. */
    static void write(String arguments, JsonGenerator json) throws IOException {
        if (isObject(arguments)) {
            json.writeRawValue(arguments);
        } else {
            json.writeStartObject();
            json.writeStringField("INVALID_JSON", arguments);
            json.writeEndObject();
        }
    }

    private static boolean isObject(String text) {
        try (JsonParser json = Json.FACTORY.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            json.skipChildren();
            return json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null;
        } catch (IOException broken) {
            return false;
        }
    }
}
