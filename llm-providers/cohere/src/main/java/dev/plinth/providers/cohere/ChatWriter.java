package dev.plinth.providers.cohere;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.ReasoningEffort;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.check.Check;
import dev.plinth.api.option.OptionKey;
import dev.plinth.api.option.Options;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.ExtraBody;
import dev.plinth.providers.wire.FunctionTools;
import dev.plinth.providers.wire.SchemaDialect;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes a request as a body of Cohere's chat. */
final class ChatWriter {

    /** What {@link Cohere#EXTRA_BODY} must not say again. */
    private static final Set<String> OWN = Set.of(
            "model",
            "messages",
            "stream",
            "documents",
            "citation_options",
            "tools",
            "tool_choice",
            "strict_tools",
            "response_format",
            "temperature",
            "p",
            "k",
            "max_tokens",
            "stop_sequences",
            "seed",
            "frequency_penalty",
            "presence_penalty",
            "safety_mode",
            "logprobs",
            "thinking");

    /** Patterns are left out: the vendor takes some of them only, and no anchors. */
    private static final SchemaDialect DIALECT = SchemaDialect.builder()
            .keywords(
                    "type",
                    "title",
                    "description",
                    "properties",
                    "required",
                    "additionalProperties",
                    "items",
                    "enum",
                    "const",
                    "format",
                    "anyOf",
                    "$ref",
                    "$defs")
            .formats("date-time", "uuid", "date", "time")
            .build();

    /** The most that {@code p} may be. */
    private static final double MOST_P = 0.99;

    private final ChatCall call;
    private final ChatRequest request;
    private final Options options;

    ChatWriter(ChatCall call) {
        this.call = call;
        this.request = call.request();
        this.options = request.options();
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("model", call.model());
        json.writeArrayFieldStart("messages");
        for (Message message : request.messages()) {
            MessageWriter.write(message, call, json);
        }
        json.writeEndArray();
        json.writeBooleanField("stream", call.streamed());
        Documents.write(call, json);
        writeSampling(json);
        writeTools(json);
        writeFormat(json);
        writeThinking(json);
        if (request.logprobs().isPresent()) {
            int alternatives = request.logprobs().getAsInt();
            call.require(alternatives == 0, "logprob-alternatives", "logprobs: " + alternatives, "0");
            json.writeBooleanField("logprobs", true);
        }
        if (options.get(Cohere.CITATION_MODE).isPresent()) {
            json.writeObjectFieldStart("citation_options");
            json.writeStringField("mode", options.get(Cohere.CITATION_MODE).get());
            json.writeEndObject();
        }
        if (options.get(Cohere.SAFETY_MODE).isPresent()) {
            json.writeStringField("safety_mode", options.get(Cohere.SAFETY_MODE).get());
        }
        ExtraBody.write(options, Cohere.EXTRA_BODY, OWN, json);
        json.writeEndObject();
    }

    private void writeSampling(JsonGenerator json) throws IOException {
        if (request.temperature().isPresent()) {
            json.writeNumberField("temperature", request.temperature().getAsDouble());
        }
        if (request.topP().isPresent()) {
            json.writeNumberField("p", Math.min(MOST_P, request.topP().getAsDouble()));
        }
        if (options.get(Cohere.TOP_K).isPresent()) {
            json.writeNumberField("k", options.get(Cohere.TOP_K).get());
        }
        if (request.maxOutputTokens().isPresent()) {
            json.writeNumberField("max_tokens", request.maxOutputTokens().getAsInt());
        }
        if (!request.stop().isEmpty()) {
            json.writeFieldName("stop_sequences");
            json.writeArray(
                    request.stop().toArray(String[]::new), 0, request.stop().size());
        }
        if (request.seed().isPresent()) {
            json.writeNumberField("seed", request.seed().getAsLong());
        }
        writeDecimal("frequency_penalty", Cohere.FREQUENCY_PENALTY, json);
        writeDecimal("presence_penalty", Cohere.PRESENCE_PENALTY, json);
    }

    private void writeDecimal(String field, OptionKey<Double> key, JsonGenerator json) throws IOException {
        Optional<Double> value = options.get(key);
        if (value.isPresent()) {
            json.writeNumberField(field, value.get());
        }
    }

    /** A certain tool is demanded by offering no other. */
    private void writeTools(JsonGenerator json) throws IOException {
        ToolChoice choice = request.toolChoice();
        List<ToolSpec> tools = request.tools();
        if (choice.mode() == ToolChoice.Mode.TOOL) {
            tools = tools.stream()
                    .filter(tool -> tool.name().equals(choice.tool()))
                    .toList();
        }
        if (tools.isEmpty()) {
            return;
        }
        Optional<Boolean> strict = options.get(Cohere.STRICT_TOOLS);
        if (strict.isPresent()) {
            json.writeBooleanField("strict_tools", strict.get());
        }
        boolean enforced = strict.orElse(false);
        FunctionTools.write(enforced ? tools.stream().map(ChatWriter::inDialect).toList() : tools, json);
        switch (choice.mode()) {
            case AUTO -> {
                // what the vendor does anyway
            }
            case NONE -> json.writeStringField("tool_choice", "NONE");
            case REQUIRED, TOOL -> json.writeStringField("tool_choice", "REQUIRED");
        }
    }

    private static ToolSpec inDialect(ToolSpec tool) {
        return new ToolSpec(tool.name(), tool.description(), DIALECT.convert(tool.parameters()));
    }

    private void writeFormat(JsonGenerator json) throws IOException {
        ResponseFormat format = request.responseFormat();
        if (format instanceof ResponseFormat.Text) {
            return;
        }
        json.writeObjectFieldStart("response_format");
        json.writeStringField("type", "json_object");
        if (format instanceof ResponseFormat.Schema schema) {
            json.writeFieldName("json_schema");
            json.writeRawValue(DIALECT.convert(schema.schema()));
        }
        json.writeEndObject();
    }

    private void writeThinking(JsonGenerator json) throws IOException {
        Optional<ReasoningEffort> effort = request.reasoningEffort();
        Optional<Integer> budget = options.get(Cohere.THINKING_BUDGET);
        if (effort.isEmpty() && budget.isEmpty()) {
            return;
        }
        boolean none = effort.isPresent() && effort.get() == ReasoningEffort.NONE;
        Check.that(
                !none || budget.isEmpty(),
                Cohere.THINKING_BUDGET.name(),
                budget.orElse(null),
                "not set beside the effort NONE");
        json.writeObjectFieldStart("thinking");
        json.writeStringField("type", none ? "disabled" : "enabled");
        if (budget.isPresent()) {
            json.writeNumberField("token_budget", budget.get());
        }
        json.writeEndObject();
    }
}
