package dev.plinth.providers.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.option.OptionKey;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.ExtraBody;
import dev.plinth.providers.wire.SchemaDialect;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes a request as a body of Converse. */
final class ConverseWriter {

    /** What {@link Bedrock#EXTRA_BODY} must not say again. */
    private static final Set<String> OWN = Set.of(
            "messages",
            "system",
            "inferenceConfig",
            "toolConfig",
            "additionalModelRequestFields",
            "outputConfig",
            "guardrailConfig",
            "requestMetadata",
            "performanceConfig",
            "serviceTier");

    /** What Bedrock enforces; see "Get validated JSON results from models" in its user guide. */
    private static final SchemaDialect ENFORCED = SchemaDialect.builder()
            .keywords(
                    "type",
                    "properties",
                    "required",
                    "additionalProperties",
                    "items",
                    "enum",
                    "const",
                    "anyOf",
                    "allOf",
                    "$ref",
                    "$defs",
                    "definitions",
                    "format",
                    "default",
                    "title",
                    "description")
            .formats("date-time", "date", "time", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid")
            .closedObjects()
            .build();

    private final ChatCall call;
    private final ChatRequest request;
    private final Effort effort;

    ConverseWriter(ChatCall call) {
        this.call = call;
        this.request = call.request();
        this.effort = Effort.of(call);
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        writeConversation(json);
        writeLimits(json);
        writeModelFields(json);
        writeOutput(json);
        writeObject("guardrailConfig", Bedrock.GUARDRAIL, json);
        writeObject("requestMetadata", Bedrock.REQUEST_METADATA, json);
        writeWord("performanceConfig", "latency", request.options().get(Bedrock.LATENCY), json);
        writeWord("serviceTier", "type", request.serviceTier(), json);
        ExtraBody.write(request.options(), Bedrock.EXTRA_BODY, OWN, json);
        json.writeEndObject();
    }

    /** What the model reads: messages, system prompt and tools. */
    void writeConversation(JsonGenerator json) throws IOException {
        Conversation conversation = Conversation.of(call);
        BlockWriter blocks = new BlockWriter(call, conversation.hasTools());
        json.writeArrayFieldStart("messages");
        for (Conversation.Turn turn : conversation.turns()) {
            json.writeStartObject();
            json.writeStringField("role", turn.role() == Role.ASSISTANT ? "assistant" : "user");
            writeBlocks("content", turn.parts(), blocks, json);
            json.writeEndObject();
        }
        json.writeEndArray();
        if (!conversation.system().isEmpty()) {
            writeBlocks("system", conversation.system(), blocks, json);
        }
        if (conversation.hasTools()) {
            writeTools(json);
        }
    }

    private static void writeBlocks(String field, List<Part> parts, BlockWriter blocks, JsonGenerator json)
            throws IOException {
        json.writeArrayFieldStart(field);
        for (Part part : parts) {
            blocks.write(part, json);
        }
        json.writeEndArray();
    }

    private void writeTools(JsonGenerator json) throws IOException {
        boolean strict = request.options().get(Bedrock.STRICT_TOOLS).orElse(false);
        json.writeObjectFieldStart("toolConfig");
        json.writeArrayFieldStart("tools");
        for (ToolSpec tool : request.tools()) {
            json.writeStartObject();
            json.writeObjectFieldStart("toolSpec");
            json.writeStringField("name", tool.name());
            if (!tool.description().isBlank()) {
                json.writeStringField("description", tool.description());
            }
            json.writeObjectFieldStart("inputSchema");
            json.writeFieldName("json");
            json.writeRawValue((strict ? ENFORCED : SchemaDialect.FULL).convert(tool.parameters()));
            json.writeEndObject();
            if (strict) {
                json.writeBooleanField("strict", true);
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        Optional<Duration> keep = request.options().get(Bedrock.CACHE_TOOLS);
        if (keep.isPresent()) {
            BlockWriter.writeCachePoint(keep.get(), json);
        }
        json.writeEndArray();
        writeChoice(request.toolChoice(), json);
        json.writeEndObject();
    }

    private static void writeChoice(ToolChoice choice, JsonGenerator json) throws IOException {
        if (choice.mode() == ToolChoice.Mode.AUTO) {
            return; // what the model does anyway
        }
        json.writeObjectFieldStart("toolChoice");
        if (choice.mode() == ToolChoice.Mode.TOOL) {
            json.writeObjectFieldStart("tool");
            json.writeStringField("name", choice.tool());
        } else {
            json.writeObjectFieldStart("any");
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private void writeLimits(JsonGenerator json) throws IOException {
        boolean none = request.maxOutputTokens().isEmpty()
                && request.temperature().isEmpty()
                && request.topP().isEmpty()
                && request.stop().isEmpty();
        if (none) {
            return;
        }
        json.writeObjectFieldStart("inferenceConfig");
        if (request.maxOutputTokens().isPresent()) {
            json.writeNumberField("maxTokens", request.maxOutputTokens().getAsInt());
        }
        if (request.temperature().isPresent()) {
            json.writeNumberField("temperature", request.temperature().getAsDouble());
        }
        if (request.topP().isPresent()) {
            json.writeNumberField("topP", request.topP().getAsDouble());
        }
        if (!request.stop().isEmpty()) {
            json.writeArrayFieldStart("stopSequences");
            for (String text : request.stop()) {
                json.writeString(text);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    /** What only some models know. */
    void writeModelFields(JsonGenerator json) throws IOException {
        boolean more = request.options().get(Bedrock.MODEL_FIELDS).isPresent();
        if (!more && effort.modelFields().isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("additionalModelRequestFields");
        effort.writeModelFields(json);
        ExtraBody.write(request.options(), Bedrock.MODEL_FIELDS, effort.modelFields(), json);
        json.writeEndObject();
    }

    private void writeOutput(JsonGenerator json) throws IOException {
        boolean hasSchema = request.responseFormat() instanceof ResponseFormat.Schema;
        if (!hasSchema && effort.degree().isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("outputConfig");
        if (request.responseFormat() instanceof ResponseFormat.Schema schema) {
            json.writeObjectFieldStart("textFormat");
            json.writeStringField("type", "json_schema");
            json.writeObjectFieldStart("structure");
            json.writeObjectFieldStart("jsonSchema");
            json.writeStringField("schema", ENFORCED.convert(schema.schema()));
            json.writeStringField("name", schema.name());
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
        }
        if (effort.degree().isPresent()) {
            json.writeStringField("effort", effort.degree().get());
        }
        json.writeEndObject();
    }

    private void writeObject(String field, OptionKey<String> key, JsonGenerator json) throws IOException {
        if (request.options().get(key).isPresent()) {
            json.writeObjectFieldStart(field);
            ExtraBody.write(request.options(), key, Set.of(), json);
            json.writeEndObject();
        }
    }

    private static void writeWord(String field, String inside, Optional<String> word, JsonGenerator json)
            throws IOException {
        if (word.isPresent()) {
            json.writeObjectFieldStart(field);
            json.writeStringField(inside, word.get());
            json.writeEndObject();
        }
    }
}
