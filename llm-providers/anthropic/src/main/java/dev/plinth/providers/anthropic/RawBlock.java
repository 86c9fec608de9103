package dev.plinth.providers.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.Part;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A block of a kind that only this protocol has, such as the call of a tool on the server or its result, kept in its own
 * words so that it can be sent back. Of a stream, the deltas are joined to what the block started with.
 *
 * <p>Not thread-safe.
 */
final class RawBlock extends OpenBlock {

    private final String type;
    private final Map<String, String> fields = new LinkedHashMap<>();
    private final StringBuilder input = new StringBuilder();

    RawBlock(int index, String type) {
        super(index);
        this.type = type;
    }

    /** Reads a field of the block. */
    void put(String field, JsonParser json) throws IOException {
        fields.put(field, Json.copy(json));
    }

    /** Reads a field of a delta: text goes on, anything else takes the place of what was there. */
    void join(String field, JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        String more = Json.copy(json);
        String known = fields.getOrDefault(field, "");
        if (token == JsonToken.VALUE_STRING && known.startsWith("\"")) {
            fields.put(field, known.substring(0, known.length() - 1) + more.substring(1));
        } else if (token != JsonToken.VALUE_NULL) {
            fields.put(field, more);
        }
    }

    @Override
    void input(String fragment) {
        input.append(fragment);
    }

    @Override
    void end() {
        if (Json.isOneObject(input.toString())) {
            fields.put("input", input.toString());
        }
    }

    /** The block as it is now. */
    Part part() {
        StringWriter block = new StringWriter();
        try (JsonGenerator json = Json.FACTORY.createGenerator(block)) {
            json.writeStartObject();
            json.writeStringField("type", type);
            for (Map.Entry<String, String> field : fields.entrySet()) {
                json.writeFieldName(field.getKey());
                json.writeRawValue(field.getValue());
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("block: not written (expected: memory does not fail)", impossible);
        }
        return new Part.Other(Anthropic.PROTOCOL, type, block.toString());
    }
}
