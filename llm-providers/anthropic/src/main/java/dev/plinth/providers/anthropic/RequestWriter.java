package dev.plinth.providers.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.Role;
import dev.plinth.api.option.OptionKey;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.ExtraBody;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a request as a body of the Messages API. Knows nothing of where it goes: the fields are the same in a batch, for
 * a count of tokens, and on the clouds that serve the protocol under paths of their own.
 */
final class RequestWriter {

    /** What {@link Anthropic#EXTRA_BODY} must not say again. */
    private static final Set<String> OWN = Set.of(
            "model",
            "messages",
            "system",
            "max_tokens",
            "stream",
            "stop_sequences",
            "temperature",
            "top_p",
            "top_k",
            "tools",
            "tool_choice",
            "thinking",
            "output_config",
            "service_tier",
            "metadata");

    private final ChatCall call;
    private final ChatRequest request;
    private final ApiVersion version;
    private final int maxTokens;
    private final Thinking thinking;

    /** @param maxTokens the most tokens of an answer where the request says nothing, without those of a thinking budget */
    RequestWriter(ChatCall call, ApiVersion version, int maxTokens) {
        this.call = call;
        this.request = call.request();
        this.version = version;
        this.maxTokens = maxTokens;
        this.thinking = Thinking.of(request);
    }

    /** Writes the whole body. */
    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("model", call.model());
        writeFields(json);
        if (call.streamed()) {
            json.writeBooleanField("stream", true);
        }
        json.writeEndObject();
    }

    /** Writes the body that asks for the number of tokens in it. */
    void writeForCount(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("model", call.model());
        writeInput(json);
        json.writeEndObject();
    }

    /** Writes all but the model and whether the answer shall be streamed, which do not stand in the body everywhere. */
    void writeFields(JsonGenerator json) throws IOException {
        json.writeNumberField("max_tokens", request.maxOutputTokens().orElse(maxTokens + thinking.budget()));
        writeInput(json);
        writeSampling(json);
        if (!request.stop().isEmpty()) {
            json.writeArrayFieldStart("stop_sequences");
            for (String text : request.stop()) {
                json.writeString(text);
            }
            json.writeEndArray();
        }
        if (request.serviceTier().isPresent()) {
            json.writeStringField("service_tier", request.serviceTier().get());
        }
        if (request.userId().isPresent()) {
            json.writeObjectFieldStart("metadata");
            json.writeStringField("user_id", request.userId().get());
            json.writeEndObject();
        }
        ExtraBody.write(request.options(), Anthropic.EXTRA_BODY, OWN, json);
    }

    /** What counts as input: the conversation, the tools, and what the protocol adds to them. */
    private void writeInput(JsonGenerator json) throws IOException {
        Conversation conversation = Conversation.of(call);
        Part.CachePoint keepSystem = keep(Anthropic.CACHE_SYSTEM);
        Part.CachePoint keepTools = keep(Anthropic.CACHE_TOOLS);
        if (keepSystem != null) {
            conversation.markSystem(keepSystem);
        }
        conversation.limitMarks(keepTools == null || request.tools().isEmpty() ? 0 : 1);
        BlockWriter blocks = new BlockWriter(call, version);
        if (!conversation.system.isEmpty()) {
            blocks.write("system", conversation.system, Role.SYSTEM, json);
        }
        json.writeArrayFieldStart("messages");
        for (Turn turn : conversation.turns) {
            json.writeStartObject();
            json.writeStringField("role", turn.name());
            blocks.write("content", turn.blocks(), turn.role(), json);
            json.writeEndObject();
        }
        json.writeEndArray();
        new ToolWriter(request).write(keepTools, json);
        thinking.write(json);
        writeOutputConfig(json);
    }

    private Part.@Nullable CachePoint keep(OptionKey<Duration> option) {
        return request.options().get(option).map(Part.CachePoint::new).orElse(null);
    }

    private void writeOutputConfig(JsonGenerator json) throws IOException {
        ResponseFormat.Schema schema = request.responseFormat() instanceof ResponseFormat.Schema asked ? asked : null;
        String effort = thinking.effort();
        if (schema == null && effort == null) {
            return;
        }
        json.writeObjectFieldStart("output_config");
        if (effort != null) {
            json.writeStringField("effort", effort);
        }
        if (schema != null) {
            json.writeObjectFieldStart("format");
            json.writeStringField("type", "json_schema");
            json.writeFieldName("schema");
            json.writeRawValue(Schemas.ENFORCED.convert(schema.schema()));
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private void writeSampling(JsonGenerator json) throws IOException {
        writeSampling("temperature", request.temperature(), json);
        writeSampling("top_p", request.topP(), json);
        var topK = request.options().get(Anthropic.TOP_K);
        if (topK.isPresent()) {
            version.requireLenient(call, "top-k", "top_k: " + topK.get());
            json.writeNumberField("top_k", topK.get());
        }
    }

    private void writeSampling(String field, OptionalDouble value, JsonGenerator json) throws IOException {
        if (value.isPresent()) {
            String what = field + ": " + value.getAsDouble();
            version.requireLenient(call, field.replace('_', '-'), what);
            call.require(value.getAsDouble() <= 1, field + "-range", what, "0 to 1");
            json.writeNumberField(field, value.getAsDouble());
        }
    }
}
