package dev.plinth.providers.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.ToolSpec;
import java.io.IOException;
import java.util.List;

/** Tools in the shape that OpenAI gave them and others took over. */
public final class FunctionTools {

    private FunctionTools() {}

    /** Writes the field {@code tools} into the object that is being written; nothing when there are none. */
    public static void write(List<ToolSpec> tools, JsonGenerator json) throws IOException {
        if (tools.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("tools");
        for (ToolSpec tool : tools) {
            json.writeStartObject();
            json.writeStringField("type", "function");
            json.writeObjectFieldStart("function");
            json.writeStringField("name", tool.name());
            json.writeStringField("description", tool.description());
            json.writeFieldName("parameters");
            json.writeRawValue(SchemaDialect.FULL.convert(tool.parameters()));
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
