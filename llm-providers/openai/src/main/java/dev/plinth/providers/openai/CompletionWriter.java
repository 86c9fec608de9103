package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.option.OptionKey;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.ExtraBody;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
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
            "user",
            "verbosity",
            "prompt_cache_key",
            "store");

    private final ChatCall call;
    private final ChatRequest request;
    private final Dialect dialect;

    CompletionWriter(ChatCall call, Dialect dialect) {
        this.call = call;
        this.request = call.request();
        this.dialect = dialect;
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("model", call.model());
        json.writeArrayFieldStart("messages");
        MessageWriter messages = new MessageWriter(call, dialect);
        for (Message message : request.messages()) {
            messages.write(message, json);
        }
        json.writeEndArray();
        writeLimits(json);
        writeTools(json);
        writeFormat(json);
        writeOptions(json);
        if (call.streamed()) {
            json.writeBooleanField("stream", true);
            if (dialect.usageInStreams()) {
                json.writeObjectFieldStart("stream_options");
                json.writeBooleanField("include_usage", true);
                json.writeEndObject();
            }
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
            json.writeNumberField(dialect.maxTokens(), request.maxOutputTokens().getAsInt());
        }
        if (!request.stop().isEmpty()) {
            json.writeArrayFieldStart("stop");
            for (String text : request.stop()) {
                json.writeString(text);
            }
            json.writeEndArray();
        }
        if (request.seed().isPresent()) {
            json.writeNumberField(dialect.seed(), request.seed().getAsLong());
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
            Schemas.write(tool.parameters(), strict.orElse(false), json);
            if (strict.isPresent()) {
                json.writeBooleanField("strict", strict.get());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
        writeChoice(request.toolChoice(), json);
    }

    private void writeChoice(ToolChoice choice, JsonGenerator json) throws IOException {
        switch (choice.mode()) {
            case AUTO -> {
                // what the server does anyway
            }
            case NONE -> json.writeStringField("tool_choice", "none");
            case REQUIRED -> json.writeStringField("tool_choice", dialect.demand());
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
            if (schema.strict()) {
                json.writeBooleanField("strict", true); // false is what it is anyway, and some servers refuse the field
            }
            json.writeFieldName("schema");
            Schemas.write(schema.schema(), schema.strict(), json);
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
            String effort = request.reasoningEffort().get().name().toLowerCase(Locale.ROOT);
            if (dialect.effort() == Dialect.Effort.OBJECT) {
                json.writeObjectFieldStart("reasoning");
                json.writeStringField("effort", effort);
                json.writeEndObject();
            } else {
                json.writeStringField("reasoning_effort", effort);
            }
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
        writeOption("verbosity", OpenAi.VERBOSITY, json);
        writeOption("prompt_cache_key", OpenAi.PROMPT_CACHE_KEY, json);
        Optional<Boolean> store = request.options().get(OpenAi.STORE);
        if (store.isPresent()) {
            json.writeBooleanField("store", store.get());
        }
        ExtraBody.write(request.options(), OpenAi.EXTRA_BODY, OWN, json);
    }

    private void writeOption(String field, OptionKey<String> key, JsonGenerator json) throws IOException {
        Optional<String> value = request.options().get(key);
        if (value.isPresent()) {
            json.writeStringField(field, value.get());
        }
    }
}
