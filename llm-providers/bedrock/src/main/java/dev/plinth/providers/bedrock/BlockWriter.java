package dev.plinth.providers.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Writes a part as a content block, or refuses what the protocol has no words for. Not thread-safe. */
final class BlockWriter {

    private static final Duration SHORT = Duration.ofMinutes(5);
    private static final int MAX_ID = 64;

    private final ChatCall call;
    private final boolean tools;
    private final MediaWriter media;

    /** @param tools whether tools are declared; Converse refuses their calls and results in a request without */
    BlockWriter(ChatCall call, boolean tools) {
        this.call = call;
        this.tools = tools;
        this.media = new MediaWriter(call);
    }

    void write(Part part, JsonGenerator json) throws IOException {
        if (part instanceof Part.Text text) {
            writeText(text.text(), json);
        } else if (part instanceof Part.Reasoning thought) {
            writeThought(thought, json);
        } else if (part instanceof ToolCall asked) {
            writeCall(asked, json);
        } else if (part instanceof ToolResult result) {
            writeResult(result, json);
        } else if (part instanceof Part.CachePoint point) {
            writeCachePoint(point.keep(), json);
        } else if (part instanceof Part.Other other) {
            boolean ours = other.protocol().equals(Bedrock.PROTOCOL);
            call.require(ours, "part-of-protocol", "part: of " + other.protocol(), "of " + Bedrock.PROTOCOL);
            json.writeRawValue(other.json());
        } else {
            media.write(part, json);
        }
    }

    private static void writeText(String text, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("text", text);
        json.writeEndObject();
    }

    private static void writeThought(Part.Reasoning thought, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("reasoningContent");
        json.writeObjectFieldStart("reasoningText");
        json.writeStringField("text", thought.text());
        json.writeStringField("signature", thought.signature());
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    private void writeCall(ToolCall asked, JsonGenerator json) throws IOException {
        if (!tools) {
            writeText("[" + asked.name() + " was called with " + asked.arguments() + "]", json);
            return;
        }
        json.writeStartObject();
        json.writeObjectFieldStart("toolUse");
        json.writeStringField("toolUseId", id(asked.id()));
        json.writeStringField("name", asked.name());
        json.writeFieldName("input");
        Json.writeArguments(asked.arguments(), json);
        json.writeEndObject();
        json.writeEndObject();
    }

    private void writeResult(ToolResult result, JsonGenerator json) throws IOException {
        String text = result.text().isBlank() ? "(empty)" : result.text();
        if (!tools) {
            writeText("[" + result.name() + (result.isError() ? " failed: " : " answered: ") + text + "]", json);
            return;
        }
        json.writeStartObject();
        json.writeObjectFieldStart("toolResult");
        json.writeStringField("toolUseId", id(result.callId()));
        json.writeArrayFieldStart("content");
        writeText(text, json);
        json.writeEndArray();
        if (result.isError()) { // success goes without saying, and some models refuse to hear of it
            json.writeStringField("status", "error");
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Ids of other vendors may be longer or have other characters; a call and its result change alike. */
    private static String id(String id) {
        String plain = id.replaceAll("[^a-zA-Z0-9_-]", "_");
        return plain.length() <= MAX_ID ? plain : plain.substring(plain.length() - MAX_ID);
    }

    /** The nearest of the two spans there are; the short one goes without saying. */
    static void writeCachePoint(@Nullable Duration keep, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("cachePoint");
        json.writeStringField("type", "default");
        if (keep != null && keep.compareTo(SHORT) > 0) {
            json.writeStringField("ttl", "1h");
        }
        json.writeEndObject();
        json.writeEndObject();
    }
}
