package dev.plinth.providers.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.option.Options;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.ExtraBody;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes the fields of a {@code GenerateContentRequest} into the object that is being written. */
final class RequestWriter {

    /** What {@link Gemini#EXTRA_BODY} must not say again. */
    private static final Set<String> OWN = Set.of(
            "model",
            "contents",
            "systemInstruction",
            "tools",
            "toolConfig",
            "safetySettings",
            "cachedContent",
            "serviceTier",
            "generationConfig");

    private final ChatCall call;
    private final ChatRequest request;
    private final Options options;
    private final Schemas schemas;
    private final boolean vertex;

    RequestWriter(ChatCall call, Schemas schemas, boolean vertex) {
        this.call = call;
        this.request = call.request();
        this.options = request.options();
        this.schemas = schemas;
        this.vertex = vertex;
    }

    void write(JsonGenerator json) throws IOException {
        writeInput(json);
        writeToolConfig(json);
        writeSafety(json);
        if (options.get(Gemini.CACHED_CONTENT).isPresent()) {
            json.writeStringField(
                    "cachedContent", options.get(Gemini.CACHED_CONTENT).get());
        }
        if (request.serviceTier().isPresent() && !vertex) {
            json.writeStringField("serviceTier", request.serviceTier().get());
        }
        new GenerationWriter(call, schemas, json).write();
        ExtraBody.write(options, Gemini.EXTRA_BODY, OWN, json);
    }

    /** The fields that tokens are counted of. */
    void writeInput(JsonGenerator json) throws IOException {
        new ContentsWriter(call, json).write();
        writeSystem(json);
        writeTools(json);
    }

    /** There is one place for all that the application says, wherever in the conversation it says it. */
    private void writeSystem(JsonGenerator json) throws IOException {
        List<String> texts = systemTexts();
        if (texts.isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("systemInstruction");
        json.writeArrayFieldStart("parts");
        for (String text : texts) {
            json.writeStartObject();
            json.writeStringField("text", text);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private List<String> systemTexts() {
        List<String> texts = new ArrayList<>();
        for (Message message : request.messages()) {
            for (Part part : message.role() == Role.SYSTEM ? message.parts() : List.<Part>of()) {
                if (part instanceof Part.Text text && !text.text().isEmpty()) {
                    texts.add(text.text());
                } else if (!(part instanceof Part.Text || part instanceof Part.CachePoint)) {
                    throw ContentsWriter.misplaced(part, Role.SYSTEM, call);
                }
            }
        }
        return texts;
    }

    private void writeTools(JsonGenerator json) throws IOException {
        String servers = options.get(Gemini.SERVER_TOOLS).orElse("");
        if (request.tools().isEmpty() && servers.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("tools");
        if (!request.tools().isEmpty()) {
            json.writeStartObject();
            json.writeArrayFieldStart("functionDeclarations");
            for (ToolSpec tool : request.tools()) {
                json.writeStartObject();
                json.writeStringField("name", tool.name());
                json.writeStringField("description", tool.description());
                schemas.writeParameters(tool.parameters(), json);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        for (String server : JsonText.elements(servers, Gemini.SERVER_TOOLS.name())) {
            json.writeRawValue(server);
        }
        json.writeEndArray();
    }

    private void writeToolConfig(JsonGenerator json) throws IOException {
        String mode = request.tools().isEmpty() ? "" : mode();
        if (mode.isEmpty() && options.get(Gemini.TOOL_CONFIG).isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("toolConfig");
        if (!mode.isEmpty()) {
            json.writeObjectFieldStart("functionCallingConfig");
            json.writeStringField("mode", mode);
            if (request.toolChoice().mode() == ToolChoice.Mode.TOOL) {
                json.writeArrayFieldStart("allowedFunctionNames");
                json.writeString(request.toolChoice().tool());
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        ExtraBody.write(options, Gemini.TOOL_CONFIG, Set.of("functionCallingConfig"), json);
        json.writeEndObject();
    }

    /** What Gemini calls the choice; empty: what it does anyway. */
    private String mode() {
        boolean strict = options.get(Gemini.STRICT_TOOLS).orElse(false);
        return switch (request.toolChoice().mode()) {
            case AUTO -> strict ? "VALIDATED" : "";
            case NONE -> "NONE";
            case REQUIRED, TOOL -> "ANY";
        };
    }

    private void writeSafety(JsonGenerator json) throws IOException {
        if (options.get(Gemini.SAFETY_SETTINGS).isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("safetySettings");
        for (Map.Entry<String, String> each :
                options.get(Gemini.SAFETY_SETTINGS).get().thresholds().entrySet()) {
            json.writeStartObject();
            json.writeStringField("category", each.getKey());
            json.writeStringField("threshold", each.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
