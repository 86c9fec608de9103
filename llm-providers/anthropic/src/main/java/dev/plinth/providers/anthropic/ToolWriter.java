package dev.plinth.providers.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.check.Check;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.SchemaDialect;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the tools of a request, the vendor's own before the application's, and which of them to call. */
final class ToolWriter {

    private final ChatRequest request;
    private final String serverTools;
    private final boolean strict;

    ToolWriter(ChatRequest request) {
        this.request = request;
        this.serverTools = request.options().get(Anthropic.SERVER_TOOLS).orElse("");
        this.strict = request.options().get(Anthropic.STRICT_TOOLS).orElse(false);
    }

    /** @param keep the mark of the last tool; null: none */
    void write(Part.@Nullable CachePoint keep, JsonGenerator json) throws IOException {
        List<ToolSpec> tools = request.tools();
        if (tools.isEmpty() && serverTools.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("tools");
        writeServerTools(json);
        for (int i = 0; i < tools.size(); i++) {
            write(tools.get(i), i == tools.size() - 1 ? keep : null, json);
        }
        json.writeEndArray();
        writeChoice(json);
    }

    private void write(ToolSpec tool, Part.@Nullable CachePoint keep, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", tool.name());
        if (!tool.description().isEmpty()) {
            json.writeStringField("description", tool.description());
        }
        json.writeFieldName("input_schema");
        json.writeRawValue((strict ? Schemas.ENFORCED : SchemaDialect.FULL).convert(tool.parameters()));
        if (strict) {
            json.writeBooleanField("strict", true);
        }
        CacheMarks.write(keep, json);
        json.writeEndObject();
    }

    private void writeServerTools(JsonGenerator json) throws IOException {
        if (serverTools.isEmpty()) {
            return;
        }
        String name = Anthropic.SERVER_TOOLS.name();
        try (JsonParser tools = Json.FACTORY.createParser(serverTools)) {
            Check.that(tools.nextToken() == JsonToken.START_ARRAY, name, "no array", "an array of tools");
            while (Json.nextElement(tools)) {
                Check.that(tools.currentToken() == JsonToken.START_OBJECT, name, "no object", "an array of objects");
                Json.copy(tools, json);
            }
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(name + ": broken JSON (expected: an array of tools)");
        }
    }

    private void writeChoice(JsonGenerator json) throws IOException {
        ToolChoice choice = request.toolChoice();
        Optional<Boolean> parallel = request.parallelToolCalls();
        if (choice.mode() == ToolChoice.Mode.AUTO && parallel.isEmpty()) {
            return; // what the server does anyway
        }
        json.writeObjectFieldStart("tool_choice");
        json.writeStringField(
                "type",
                switch (choice.mode()) {
                    case AUTO -> "auto";
                    case NONE -> "none";
                    case REQUIRED -> "any";
                    case TOOL -> "tool";
                });
        if (choice.tool() != null) {
            json.writeStringField("name", choice.tool());
        }
        if (parallel.isPresent() && choice.mode() != ToolChoice.Mode.NONE) {
            json.writeBooleanField("disable_parallel_tool_use", !parallel.get());
        }
        json.writeEndObject();
    }
}
