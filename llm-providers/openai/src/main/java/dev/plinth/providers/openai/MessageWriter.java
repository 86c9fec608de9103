package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.UnsupportedCapabilityException;
import java.io.IOException;
import java.util.Base64;
import java.util.List;

/** Writes a message as the protocol has it: tool results become messages of their own. */
final class MessageWriter {

    private MessageWriter() {}

    static void requireExpressible(Message message, ErrorDetails details) {
        for (Part part : message.parts()) {
            if (part instanceof Part.Audio audio) {
                require(audio.media().bytes().isPresent(), "audio-by-address", "audio: an address", "bytes", details);
                String format = audioFormat(audio.media());
                require(
                        !format.isEmpty(),
                        "audio-format",
                        "audio: " + audio.media().mimeType(),
                        "wav or mp3",
                        details);
            } else if (part instanceof Part.File file) {
                require(file.media().bytes().isPresent(), "file-by-address", "file: an address", "bytes", details);
            }
            require(
                    fits(part, message.role()),
                    "part-by-role",
                    "part: " + part.getClass().getSimpleName() + " in a message of " + message.role(),
                    "a part that such a message can have",
                    details);
        }
    }

    private static boolean fits(Part part, Role role) {
        return switch (role) {
            case SYSTEM -> part instanceof Part.Text;
            case USER -> !(part instanceof Part.Reasoning || part instanceof ToolCall);
            case ASSISTANT -> part instanceof Part.Text || part instanceof Part.Reasoning || part instanceof ToolCall;
            case TOOL -> part instanceof ToolResult;
        };
    }

    private static void require(boolean holds, String capability, String what, String expected, ErrorDetails details) {
        if (!holds) {
            throw new UnsupportedCapabilityException(
                    capability, what + " (expected: " + expected + ", as the protocol has it)", details);
        }
    }

    static void write(Message message, JsonGenerator json) throws IOException {
        switch (message.role()) {
            case SYSTEM -> writeText("system", message, json);
            case USER -> writeUser(message, json);
            case ASSISTANT -> writeAssistant(message, json);
            case TOOL -> writeResults(message, json);
        }
    }

    private static void writeText(String role, Message message, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("role", role);
        json.writeStringField("content", message.text());
        json.writeEndObject();
    }

    private static void writeUser(Message message, JsonGenerator json) throws IOException {
        if (message.parts().size() == 1 && message.parts().get(0) instanceof Part.Text) {
            writeText("user", message, json);
            return;
        }
        json.writeStartObject();
        json.writeStringField("role", "user");
        json.writeArrayFieldStart("content");
        for (Part part : message.parts()) {
            writeUserPart(part, json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeUserPart(Part part, JsonGenerator json) throws IOException {
        if (part instanceof Part.Other other) {
            json.writeRawValue(other.json());
            return;
        }
        json.writeStartObject();
        if (part instanceof Part.Text text) {
            json.writeStringField("type", "text");
            json.writeStringField("text", text.text());
        } else if (part instanceof Part.Image image) {
            json.writeStringField("type", "image_url");
            json.writeObjectFieldStart("image_url");
            json.writeStringField("url", url(image.media()));
            if (image.detail() != null) {
                json.writeStringField("detail", image.detail());
            }
            json.writeEndObject();
        } else if (part instanceof Part.Audio audio) {
            json.writeStringField("type", "input_audio");
            json.writeObjectFieldStart("input_audio");
            json.writeStringField("data", base64(audio.media()));
            json.writeStringField("format", audioFormat(audio.media()));
            json.writeEndObject();
        } else if (part instanceof Part.File file) {
            json.writeStringField("type", "file");
            json.writeObjectFieldStart("file");
            json.writeStringField("filename", file.name() == null ? "file" : file.name());
            json.writeStringField("file_data", url(file.media()));
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void writeAssistant(Message message, JsonGenerator json) throws IOException {
        List<ToolCall> calls = message.toolCalls();
        String text = message.text();
        json.writeStartObject();
        json.writeStringField("role", "assistant");
        if (text.isEmpty() && !calls.isEmpty()) {
            json.writeNullField("content");
        } else {
            json.writeStringField("content", text);
        }
        if (!calls.isEmpty()) {
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
        json.writeEndObject();
    }

    private static void writeResults(Message message, JsonGenerator json) throws IOException {
        for (Part part : message.parts()) {
            ToolResult result = (ToolResult) part;
            json.writeStartObject();
            json.writeStringField("role", "tool");
            json.writeStringField("tool_call_id", result.callId());
            json.writeStringField("content", result.text());
            json.writeEndObject();
        }
    }

    private static String url(Media media) {
        return media.uri()
                .map(Object::toString)
                .orElseGet(() -> "data:" + media.mimeType() + ";base64," + base64(media));
    }

    private static String base64(Media media) {
        return Base64.getEncoder().encodeToString(media.bytes().orElseThrow());
    }

    private static String audioFormat(Media media) {
        return switch (media.mimeType()) {
            case "audio/wav", "audio/x-wav", "audio/wave" -> "wav";
            case "audio/mpeg", "audio/mp3" -> "mp3";
            default -> "";
        };
    }
}
