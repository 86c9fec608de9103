package dev.plinth.providers.ollama;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.check.Check;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.ExtraBody;
import dev.plinth.providers.wire.FunctionTools;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** Writes a request as a body of Ollama's chat. */
final class ChatWriter {

    /** What {@link Ollama#EXTRA_BODY} must not say again. */
    private static final Set<String> OWN = Set.of(
            "model",
            "messages",
            "stream",
            "tools",
            "format",
            "think",
            "logprobs",
            "top_logprobs",
            "truncate",
            "keep_alive",
            "options");

    private final ChatCall call;
    private final ChatRequest request;

    ChatWriter(ChatCall call) {
        this.call = call;
        this.request = call.request();
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("model", call.model());
        new MessageWriter(call).write(json);
        json.writeBooleanField("stream", call.streamed()); // said either way: a server that hears nothing streams
        if (request.toolChoice().mode() != ToolChoice.Mode.NONE) {
            FunctionTools.write(request.tools(), json);
        }
        writeFormat(json);
        writeThink(json);
        if (request.logprobs().isPresent()) {
            json.writeBooleanField("logprobs", true);
            json.writeNumberField("top_logprobs", request.logprobs().getAsInt());
        }
        Optional<Boolean> truncate = request.options().get(Ollama.TRUNCATE);
        if (truncate.isPresent()) {
            json.writeBooleanField("truncate", truncate.get());
        }
        ModelOptions.write(request, json);
        KeepAlive.write(request.options(), json);
        ExtraBody.write(request.options(), Ollama.EXTRA_BODY, OWN, json);
        json.writeEndObject();
    }

    private void writeFormat(JsonGenerator json) throws IOException {
        ResponseFormat format = request.responseFormat();
        if (format instanceof ResponseFormat.Schema schema) {
            json.writeFieldName("format");
            json.writeRawValue(schema.schema());
        } else if (format instanceof ResponseFormat.Json) {
            json.writeStringField("format", "json");
        }
    }

    private void writeThink(JsonGenerator json) throws IOException {
        Optional<Boolean> think = request.options().get(Ollama.THINK);
        if (request.reasoningEffort().isEmpty()) {
            if (think.isPresent()) {
                json.writeBooleanField("think", think.get());
            }
            return;
        }
        Check.that(think.isEmpty(), Ollama.THINK.name(), think.orElse(null), "not set beside a reasoning effort");
        switch (request.reasoningEffort().get()) {
            case NONE -> json.writeBooleanField("think", false);
            case MINIMAL, LOW -> json.writeStringField("think", "low");
            case MEDIUM -> json.writeStringField("think", "medium");
            case HIGH, XHIGH -> json.writeStringField("think", "high");
            case MAX -> json.writeStringField("think", "max");
        }
    }
}
