package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.option.OptionKey;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.ExtraBody;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Writes a request as a body of Responses: system messages that come first are its instructions, all else items. */
final class ResponsesWriter {

    /** What {@link OpenAi#EXTRA_BODY} must not say again. */
    private static final Set<String> OWN = Set.of(
            "model",
            "input",
            "instructions",
            "stream",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "text",
            "reasoning",
            "temperature",
            "top_p",
            "max_output_tokens",
            "top_logprobs",
            "service_tier",
            "user",
            "store",
            "previous_response_id",
            "prompt_cache_key",
            "include");

    private final ChatCall call;
    private final ChatRequest request;

    ResponsesWriter(ChatCall call) {
        this.call = call;
        this.request = call.request();
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("model", call.model());
        writeMessages(json);
        writeLimits(json);
        writeTools(json);
        writeText(json);
        writeReasoning(json);
        writeOptions(json);
        if (call.streamed()) {
            json.writeBooleanField("stream", true);
        }
        json.writeEndObject();
    }

    private void writeMessages(JsonGenerator json) throws IOException {
        ItemWriter writer = new ItemWriter(call);
        List<Message> messages = request.messages();
        int first = 0;
        StringBuilder instructions = new StringBuilder();
        while (first < messages.size() && messages.get(first).role() == Role.SYSTEM) {
            instructions.append(first == 0 ? "" : "\n\n").append(writer.systemText(messages.get(first)));
            first++;
        }
        if (first > 0) {
            json.writeStringField("instructions", instructions.toString());
        }
        List<Message> items = messages.subList(first, messages.size());
        if (items.size() == 1 && ItemWriter.isPlainUser(items.get(0))) {
            json.writeStringField("input", items.get(0).text());
            return;
        }
        json.writeArrayFieldStart("input");
        for (Message message : items) {
            writer.write(message, json);
        }
        json.writeEndArray();
    }

    private void writeLimits(JsonGenerator json) throws IOException {
        if (request.temperature().isPresent()) {
            json.writeNumberField("temperature", request.temperature().getAsDouble());
        }
        if (request.topP().isPresent()) {
            json.writeNumberField("top_p", request.topP().getAsDouble());
        }
        if (request.maxOutputTokens().isPresent()) {
            json.writeNumberField("max_output_tokens", request.maxOutputTokens().getAsInt());
        }
    }

    private void writeTools(JsonGenerator json) throws IOException {
        if (request.tools().isEmpty()) {
            return;
        }
        Optional<Boolean> strict = request.options().get(OpenAi.STRICT_TOOLS);
        json.writeArrayFieldStart("tools");
        for (ToolSpec tool : request.tools()) {
            json.writeStartObject();
            json.writeStringField("type", "function");
            json.writeStringField("name", tool.name());
            json.writeStringField("description", tool.description());
            json.writeFieldName("parameters");
            boolean enforced = strict.orElse(false);
            Schemas.write(tool.parameters(), enforced, json);
            json.writeBooleanField("strict", enforced); // left out, it would be true here
            json.writeEndObject();
        }
        json.writeEndArray();
        writeChoice(request.toolChoice(), json);
        if (request.parallelToolCalls().isPresent()) {
            json.writeBooleanField(
                    "parallel_tool_calls", request.parallelToolCalls().get());
        }
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
                json.writeStringField("name", choice.tool());
                json.writeEndObject();
            }
        }
    }

    private void writeText(JsonGenerator json) throws IOException {
        ResponseFormat format = request.responseFormat();
        Optional<String> verbosity = request.options().get(OpenAi.VERBOSITY);
        if (format instanceof ResponseFormat.Text && verbosity.isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("text");
        if (format instanceof ResponseFormat.Schema schema) {
            json.writeObjectFieldStart("format");
            json.writeStringField("type", "json_schema");
            json.writeStringField("name", schema.name());
            json.writeBooleanField("strict", schema.strict());
            json.writeFieldName("schema");
            Schemas.write(schema.schema(), schema.strict(), json);
            json.writeEndObject();
        } else if (format instanceof ResponseFormat.Json) {
            json.writeObjectFieldStart("format");
            json.writeStringField("type", "json_object");
            json.writeEndObject();
        }
        if (verbosity.isPresent()) {
            json.writeStringField("verbosity", verbosity.get());
        }
        json.writeEndObject();
    }

    private void writeReasoning(JsonGenerator json) throws IOException {
        Optional<String> summary = request.options().get(OpenAi.REASONING_SUMMARY);
        if (request.reasoningEffort().isEmpty() && summary.isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("reasoning");
        if (request.reasoningEffort().isPresent()) {
            json.writeStringField(
                    "effort", request.reasoningEffort().get().name().toLowerCase(Locale.ROOT));
        }
        if (summary.isPresent()) {
            json.writeStringField("summary", summary.get());
        }
        json.writeEndObject();
    }

    private void writeOptions(JsonGenerator json) throws IOException {
        boolean encrypted = request.options().get(OpenAi.ENCRYPTED_REASONING).orElse(false);
        if (encrypted || request.logprobs().isPresent()) {
            json.writeArrayFieldStart("include");
            if (encrypted) {
                json.writeString("reasoning.encrypted_content");
            }
            if (request.logprobs().isPresent()) {
                json.writeString("message.output_text.logprobs");
            }
            json.writeEndArray();
        }
        if (request.logprobs().isPresent()) {
            json.writeNumberField("top_logprobs", request.logprobs().getAsInt());
        }
        writeText("service_tier", request.serviceTier(), json);
        writeText("user", request.userId(), json);
        writeText("previous_response_id", option(OpenAi.PREVIOUS_RESPONSE_ID), json);
        writeText("prompt_cache_key", option(OpenAi.PROMPT_CACHE_KEY), json);
        Optional<Boolean> store = request.options().get(OpenAi.STORE);
        if (store.isPresent()) {
            json.writeBooleanField("store", store.get());
        }
        ExtraBody.write(request.options(), OpenAi.EXTRA_BODY, OWN, json);
    }

    private Optional<String> option(OptionKey<String> key) {
        return request.options().get(key);
    }

    private static void writeText(String field, Optional<String> value, JsonGenerator json) throws IOException {
        if (value.isPresent()) {
            json.writeStringField(field, value.get());
        }
    }
}
