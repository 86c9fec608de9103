package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.ExtraBody;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;

/** Writes a request as a body of Chat Completions. */
final class CompletionWriter {

    /** What {@link OpenAi#EXTRA_BODY} must not say again. */
    private static final Set<String> OWN = Set.of(
            "model",
            "messages",
            "stream",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "response_format",
            "temperature",
            "top_p",
            "max_tokens",
            "max_completion_tokens",
            "stop",
            "seed",
            "reasoning_effort",
            "logprobs",
            "top_logprobs",
            "service_tier",
            "user");

    private final ChatCall call;
    private final ChatRequest request;
    private final boolean maxTokensField;

    CompletionWriter(ChatCall call, boolean maxTokensField) {
        this.call = call;
        this.request = call.request();
        this.maxTokensField = maxTokensField;
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("model", call.model());
        json.writeArrayFieldStart("messages");
        for (Message message : request.messages()) {
            MessageWriter.write(message, call, json);
        }
        json.writeEndArray();
        writeLimits(json);
        writeTools(json);
        writeFormat(json);
        writeOptions(json);
        if (call.streamed()) {
            json.writeBooleanField("stream", true);
            json.writeObjectFieldStart("stream_options");
            json.writeBooleanField("include_usage", true);
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private void writeLimits(JsonGenerator json) throws IOException {
        if (request.temperature().isPresent()) {
            json.writeNumberField("temperature", request.temperature().getAsDouble());
        }
        if (request.topP().isPresent()) {
            json.writeNumberField("top_p", request.topP().getAsDouble());
        }
        if (request.maxOutputTokens().isPresent()) {
            String field = maxTokensField ? "max_tokens" : "max_completion_tokens";
            json.writeNumberField(field, request.maxOutputTokens().getAsInt());
        }
        if (!request.stop().isEmpty()) {
            json.writeArrayFieldStart("stop");
            for (String text : request.stop()) {
                json.writeString(text);
            }
            json.writeEndArray();
        }
        if (request.seed().isPresent()) {
            json.writeNumberField("seed", request.seed().getAsLong());
        }
    }

    private void writeTools(JsonGenerator json) throws IOException {
        if (request.tools().isEmpty()) {
            return;
        }
        var strict = request.options().get(OpenAi.STRICT_TOOLS);
        json.writeArrayFieldStart("tools");
        for (ToolSpec tool : request.tools()) {
            json.writeStartObject();
            json.writeStringField("type", "function");
            json.writeObjectFieldStart("function");
            json.writeStringField("name", tool.name());
            json.writeStringField("description", tool.description());
            json.writeFieldName("parameters");
            json.writeRawValue(tool.parameters());
            if (strict.isPresent()) {
                json.writeBooleanField("strict", strict.get());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
        writeChoice(request.toolChoice(), json);
    }

    private static void writeChoice(ToolChoice choice, JsonGenerator json) throws IOException {
        switch (choice.mode()) {
            case AUTO -> {
                // what the server does anyway
            }
            case NONE -> json.writeStringField("tool_choice", "none");
            case REQUIRED -> json.writeStringField("tool_choice", "required");
            case TOOL -> {
                json.writeObjectFieldStart("tool_choice");
                json.writeStringField("type", "function");
                json.writeObjectFieldStart("function");
                json.writeStringField("name", choice.tool());
                json.writeEndObject();
                json.writeEndObject();
            }
        }
    }

    private void writeFormat(JsonGenerator json) throws IOException {
        ResponseFormat format = request.responseFormat();
        if (format instanceof ResponseFormat.Text) {
            return;
        }
        json.writeObjectFieldStart("response_format");
        if (format instanceof ResponseFormat.Schema schema) {
            json.writeStringField("type", "json_schema");
            json.writeObjectFieldStart("json_schema");
            json.writeStringField("name", schema.name());
            json.writeBooleanField("strict", schema.strict());
            json.writeFieldName("schema");
            json.writeRawValue(schema.schema());
            json.writeEndObject();
        } else {
            json.writeStringField("type", "json_object");
        }
        json.writeEndObject();
    }

    private void writeOptions(JsonGenerator json) throws IOException {
        if (request.parallelToolCalls().isPresent() && !request.tools().isEmpty()) {
            json.writeBooleanField(
                    "parallel_tool_calls", request.parallelToolCalls().get());
        }
        if (request.reasoningEffort().isPresent()) {
            String effort = request.reasoningEffort().get().name();
            json.writeStringField("reasoning_effort", effort.toLowerCase(Locale.ROOT));
        }
        if (request.logprobs().isPresent()) {
            json.writeBooleanField("logprobs", true);
            json.writeNumberField("top_logprobs", request.logprobs().getAsInt());
        }
        if (request.serviceTier().isPresent()) {
            json.writeStringField("service_tier", request.serviceTier().get());
        }
        if (request.userId().isPresent()) {
            json.writeStringField("user", request.userId().get());
        }
        ExtraBody.write(request.options(), OpenAi.EXTRA_BODY, OWN, json);
    }
}
