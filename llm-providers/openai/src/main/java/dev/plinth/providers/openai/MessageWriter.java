package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.providers.wire.ChatCall;
import java.io.IOException;
import java.util.Base64;
import java.util.List;

/** Writes a message as the protocol has it: tool results become messages of their own. */
final class MessageWriter {

    private MessageWriter() {}

    /** Writes a message, or refuses what the protocol has no words for. */
    static void write(Message message, ChatCall call, JsonGenerator json) throws IOException {
        for (Part part : message.parts()) {
            requireExpressible(part, message.role(), call);
        }
        switch (message.role()) {
            case SYSTEM -> writeText("system", message, json);
            case USER -> writeUser(message, json);
            case ASSISTANT -> writeAssistant(message, json);
            case TOOL -> writeResults(message, json);
        }
    }

    private static void requireExpressible(Part part, Role role, ChatCall call) {
        if (part instanceof Part.Audio audio) {
            call.require(audio.media().bytes().isPresent(), "audio-by-address", "audio: an address", "bytes");
            String type = audio.media().mimeType();
            call.require(!audioFormat(audio.media()).isEmpty(), "audio-format", "audio: " + type, "wav or mp3");
        } else if (part instanceof Part.File file) {
            call.require(file.media().bytes().isPresent(), "file-by-address", "file: an address", "bytes");
        } else if (part instanceof Part.Other other) {
            boolean ours = other.protocol().equals(OpenAi.PROTOCOL);
            call.require(ours, "part-of-protocol", "part: of " + other.protocol(), "of " + OpenAi.PROTOCOL);
        }
        String place = "part: " + part.getClass().getSimpleName() + " in a message of " + role;
        call.require(fits(part, role), "part-by-role", place, "a part that such a message can have");
    }

    private static boolean fits(Part part, Role role) {
        return part instanceof Part.CachePoint
                || switch (role) {
                    case SYSTEM -> part instanceof Part.Text;
                    case USER -> !(part instanceof Part.Reasoning || part instanceof ToolCall);
                    case ASSISTANT ->
                        part instanceof Part.Text || part instanceof Part.Reasoning || part instanceof ToolCall;
                    case TOOL -> part instanceof ToolResult;
                };
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
            if (!(part instanceof Part.CachePoint)) { // OpenAI caches by itself
                writeUserPart(part, json);
            }
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
            if (part instanceof ToolResult result) {
                json.writeStartObject();
                json.writeStringField("role", "tool");
                json.writeStringField("tool_call_id", result.callId());
                json.writeStringField("content", result.text());
                json.writeEndObject();
            }
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
