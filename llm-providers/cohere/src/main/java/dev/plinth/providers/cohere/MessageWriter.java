package dev.plinth.providers.cohere;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Writes a message as the protocol has it: tool results become messages of their own, and files stand elsewhere. */
final class MessageWriter {

    private MessageWriter() {}

    /** Writes a message, or refuses what the protocol has no words for; one that says nothing is left out. */
    static void write(Message message, ChatCall call, JsonGenerator json) throws IOException {
        for (Part part : message.parts()) {
            requireExpressible(part, message.role(), call);
        }
        if (message.role() == Role.TOOL) {
            writeResults(message, json);
            return;
        }
        List<Part> content =
                message.parts().stream().filter(MessageWriter::isContent).toList();
        String plan = plan(message);
        List<ToolCall> calls = message.toolCalls();
        boolean says = !content.isEmpty() || !plan.isEmpty() || !calls.isEmpty();
        if (says) {
            json.writeStartObject();
            json.writeStringField("role", message.role().name().toLowerCase(Locale.ROOT));
            writeContent(content, json);
            if (!plan.isEmpty()) {
                json.writeStringField("tool_plan", plan);
            }
            writeCalls(calls, json);
            json.writeEndObject();
        }
    }

    private static void requireExpressible(Part part, Role role, ChatCall call) {
        if (part instanceof Part.File file) {
            Documents.requireText(file, call);
        } else if (part instanceof Part.Other other) {
            boolean ours = other.protocol().equals(Cohere.PROTOCOL);
            call.require(ours, "part-of-protocol", "part: of " + other.protocol(), "of " + Cohere.PROTOCOL);
        }
        String place = "part: " + part.getClass().getSimpleName() + " in a message of " + role;
        call.require(fits(part, role), "part-by-role", place, "a part that such a message can have");
    }

    private static boolean fits(Part part, Role role) {
        if (part instanceof Part.CachePoint) {
            return true; // the vendor caches by itself
        }
        boolean said = part instanceof Part.Text || part instanceof Part.Other;
        return switch (role) {
            case SYSTEM -> part instanceof Part.Text;
            case USER -> said || part instanceof Part.Image || part instanceof Part.File;
            case ASSISTANT -> said || part instanceof Part.Reasoning || part instanceof ToolCall;
            case TOOL -> part instanceof ToolResult;
        };
    }

    /** What stands in the content: of thoughts, our own alone. */
    private static boolean isContent(Part part) {
        if (part instanceof Part.Text text) {
            return !text.text().isEmpty();
        }
        return part instanceof Part.Image || part instanceof Part.Other || Thoughts.isThinking(part);
    }

    private static String plan(Message message) {
        StringBuilder plan = new StringBuilder();
        for (Part part : message.parts()) {
            if (Thoughts.isPlan(part) && part instanceof Part.Reasoning reasoning) {
                plan.append(reasoning.text());
            }
        }
        return plan.toString();
    }

    private static void writeContent(List<Part> content, JsonGenerator json) throws IOException {
        if (content.isEmpty()) {
            return;
        }
        if (content.size() == 1 && content.get(0) instanceof Part.Text only) {
            json.writeStringField("content", only.text());
            return;
        }
        json.writeArrayFieldStart("content");
        for (Part part : content) {
            writeBlock(part, json);
        }
        json.writeEndArray();
    }

    private static void writeBlock(Part part, JsonGenerator json) throws IOException {
        if (part instanceof Part.Other other) {
            json.writeRawValue(other.json());
            return;
        }
        json.writeStartObject();
        if (part instanceof Part.Text text) {
            json.writeStringField("type", "text");
            json.writeStringField("text", text.text());
        } else if (part instanceof Part.Reasoning thought) {
            json.writeStringField("type", "thinking");
            json.writeStringField("thinking", thought.text());
        } else if (part instanceof Part.Image image) {
            json.writeStringField("type", "image_url");
            json.writeObjectFieldStart("image_url");
            json.writeStringField("url", url(image.media()));
            if (image.detail() != null) {
                json.writeStringField("detail", image.detail());
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static String url(Media media) {
        return media.uri()
                .map(Object::toString)
                .orElseGet(() -> "data:" + media.mimeType() + ";base64,"
                        + Base64.getEncoder().encodeToString(media.bytes().orElseThrow()));
    }

    private static void writeCalls(List<ToolCall> calls, JsonGenerator json) throws IOException {
        if (calls.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("tool_calls");
        for (ToolCall call : calls) {
            json.writeStartObject();
            json.writeStringField("id", call.id());
            json.writeStringField("type", "function");
            json.writeObjectFieldStart("function");
            json.writeStringField("name", call.name());
            json.writeStringField("arguments", call.arguments());
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeResults(Message message, JsonGenerator json) throws IOException {
        for (Part part : message.parts()) {
            if (part instanceof ToolResult result) {
                json.writeStartObject();
                json.writeStringField("role", "tool");
                json.writeStringField("tool_call_id", result.callId());
                writeResult(result.text(), json);
                json.writeEndObject();
            }
        }
    }

    /** An object goes as a document, so that citations can name what in it backs them. */
    private static void writeResult(String text, JsonGenerator json) throws IOException {
        if (!Json.isOneObject(text)) {
            json.writeStringField("content", text);
            return;
        }
        json.writeArrayFieldStart("content");
        json.writeStartObject();
        json.writeStringField("type", "document");
        json.writeObjectFieldStart("document");
        json.writeFieldName("data");
        json.writeRawValue(text);
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndArray();
    }
}
