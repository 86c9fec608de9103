package dev.plinth.providers.ollama;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.ToolCallBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Writes the messages as the protocol has them: the parts of a message become its fields, and tool results messages of
 * their own, in the order of their calls, since older servers know results by nothing else.
 */
final class MessageWriter {

    private final ChatCall call;
    private List<String> callIds = List.of();

    MessageWriter(ChatCall call) {
        this.call = call;
    }

    /** Writes the field of the messages, or refuses what the protocol has no words for. */
    void write(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("messages");
        for (Message message : call.request().messages()) {
            message.parts().forEach(part -> requireExpressible(part, message.role()));
            switch (message.role()) {
                case SYSTEM -> writeMessage("system", message, json);
                case USER -> writeMessage("user", message, json);
                case ASSISTANT -> {
                    writeMessage("assistant", message, json);
                    callIds = message.toolCalls().stream().map(ToolCall::id).toList();
                }
                case TOOL -> writeResults(message, json);
            }
        }
        json.writeEndArray();
    }

    private void requireExpressible(Part part, Role role) {
        if (part instanceof Part.Image image) {
            call.require(image.media().bytes().isPresent(), "image-by-address", "image: an address", "bytes");
        } else if (part instanceof Part.Other other) {
            boolean ours =
                    other.protocol().equals(Ollama.PROTOCOL) && other.type().equals(ChatReader.IMAGE);
            call.require(ours, "part-of-protocol", "part: " + other.type() + " of " + other.protocol(), "an image");
        }
        String place = "part: " + part.getClass().getSimpleName() + " in a message of " + role;
        call.require(fits(part, role), "part-by-role", place, "a part that such a message can have");
    }

    private static boolean fits(Part part, Role role) {
        if (part instanceof Part.CachePoint) {
            return true; // the server caches by itself
        }
        boolean content = part instanceof Part.Text || part instanceof Part.Image || part instanceof Part.Other;
        return switch (role) {
            case SYSTEM -> part instanceof Part.Text;
            case USER -> content;
            case ASSISTANT -> content || part instanceof Part.Reasoning || part instanceof ToolCall;
            case TOOL -> part instanceof ToolResult;
        };
    }

    private static void writeMessage(String role, Message message, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("role", role);
        json.writeStringField("content", message.text());
        writeThinking(message, json);
        writeImages(message, json);
        writeCalls(message.toolCalls(), json);
        json.writeEndObject();
    }

    /** What another vendor signed, only that vendor can read. */
    private static void writeThinking(Message message, JsonGenerator json) throws IOException {
        StringBuilder thinking = new StringBuilder();
        for (Part part : message.parts()) {
            if (part instanceof Part.Reasoning reasoning && reasoning.signature() == null) {
                thinking.append(reasoning.text());
            }
        }
        if (!thinking.isEmpty()) {
            json.writeStringField("thinking", thinking.toString());
        }
    }

    private static void writeImages(Message message, JsonGenerator json) throws IOException {
        boolean begun = false;
        for (Part part : message.parts()) {
            if (part instanceof Part.Image || part instanceof Part.Other) {
                if (!begun) {
                    json.writeArrayFieldStart("images");
                    begun = true;
                }
                writeImage(part, json);
            }
        }
        if (begun) {
            json.writeEndArray();
        }
    }

    private static void writeImage(Part part, JsonGenerator json) throws IOException {
        if (part instanceof Part.Image image) {
            json.writeBinary(image.media().bytes().orElseThrow());
        } else if (part instanceof Part.Other other) {
            json.writeRawValue(other.json());
        }
    }

    private static void writeCalls(List<ToolCall> calls, JsonGenerator json) throws IOException {
        if (calls.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("tool_calls");
        for (ToolCall call : calls) {
            json.writeStartObject();
            writeId("id", call.id(), json);
            json.writeObjectFieldStart("function");
            json.writeStringField("name", call.name());
            json.writeFieldName("arguments");
            Json.writeArguments(call.arguments(), json);
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void writeResults(Message message, JsonGenerator json) throws IOException {
        List<ToolResult> results = new ArrayList<>();
        for (Part part : message.parts()) {
            if (part instanceof ToolResult result) {
                results.add(result);
            }
        }
        results.sort(Comparator.comparingInt(result -> callIds.indexOf(result.callId())));
        for (ToolResult result : results) {
            json.writeStartObject();
            json.writeStringField("role", "tool");
            json.writeStringField("content", result.text());
            if (!result.name().isEmpty()) {
                json.writeStringField("tool_name", result.name());
            }
            writeId("tool_call_id", result.callId(), json);
            json.writeEndObject();
        }
    }

    /** An id the server gave; it never heard of those that were made up here. */
    private static void writeId(String field, String id, JsonGenerator json) throws IOException {
        if (!id.startsWith(ToolCallBuilder.MADE_UP_ID)) {
            json.writeStringField(field, id);
        }
    }
}
