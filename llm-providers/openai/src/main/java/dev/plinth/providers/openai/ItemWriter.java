package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.providers.wire.ChatCall;
import java.io.IOException;

/** Writes a message as items of Responses: a user's is one, of others every part is. */
final class ItemWriter {

    private final ChatCall call;

    ItemWriter(ChatCall call) {
        this.call = call;
    }

    /** The text of a system message, which can have nothing else. */
    String systemText(Message message) {
        for (Part part : message.parts()) {
            require(part instanceof Part.Text || part instanceof Part.CachePoint, part, Role.SYSTEM);
        }
        return message.text();
    }

    /** Whether it is a text of the user and nothing else. */
    static boolean isPlainUser(Message message) {
        return message.role() == Role.USER
                && message.parts().stream().allMatch(Part.Text.class::isInstance)
                && message.parts().size() == 1;
    }

    /** Writes the items of a message, or refuses what the protocol has no words for. */
    void write(Message message, JsonGenerator json) throws IOException {
        switch (message.role()) {
            case SYSTEM -> writeMessage("system", systemText(message), json);
            case USER -> writeUser(message, json);
            case ASSISTANT, TOOL -> {
                for (Part part : message.parts()) {
                    writeItem(part, message.role(), json);
                }
            }
        }
    }

    private static void writeMessage(String role, String text, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("role", role);
        json.writeStringField("content", text);
        json.writeEndObject();
    }

    private void writeUser(Message message, JsonGenerator json) throws IOException {
        if (isPlainUser(message)) {
            writeMessage("user", message.text(), json);
            return;
        }
        json.writeStartObject();
        json.writeStringField("role", "user");
        json.writeArrayFieldStart("content");
        for (Part part : message.parts()) {
            writeContent(part, json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeContent(Part part, JsonGenerator json) throws IOException {
        if (part instanceof Part.CachePoint) {
            return; // OpenAI caches by itself
        }
        if (part instanceof Part.Other other) {
            writeOther(other, json);
            return;
        }
        json.writeStartObject();
        if (part instanceof Part.Text text) {
            json.writeStringField("type", "input_text");
            json.writeStringField("text", text.text());
        } else if (part instanceof Part.Image image) {
            json.writeStringField("type", "input_image");
            json.writeStringField("image_url", MessageWriter.url(image.media()));
            json.writeStringField("detail", image.detail() == null ? "auto" : image.detail()); // required here
        } else if (part instanceof Part.File file) {
            json.writeStringField("type", "input_file");
            if (file.media().uri().isPresent()) {
                json.writeStringField("file_url", MessageWriter.url(file.media()));
            } else {
                json.writeStringField("filename", file.name() == null ? "file" : file.name());
                json.writeStringField("file_data", MessageWriter.url(file.media()));
            }
        } else {
            require(false, part, Role.USER);
        }
        json.writeEndObject();
    }

    private void writeItem(Part part, Role role, JsonGenerator json) throws IOException {
        if (part instanceof Part.Text text) {
            if (!text.text().isEmpty()) {
                writeMessage("assistant", text.text(), json);
            }
        } else if (part instanceof Part.Reasoning reasoning) {
            // The signature is the whole item; what is signed by others, or by nobody, has no place here.
            if (Responses.PROTOCOL.equals(reasoning.protocol()) && reasoning.signature() != null) {
                json.writeRawValue(reasoning.signature());
            }
        } else if (part instanceof ToolCall toolCall) {
            json.writeStartObject();
            json.writeStringField("type", "function_call");
            json.writeStringField("call_id", toolCall.id());
            json.writeStringField("name", toolCall.name());
            json.writeStringField("arguments", toolCall.arguments());
            json.writeEndObject();
        } else if (part instanceof ToolResult result) {
            json.writeStartObject();
            json.writeStringField("type", "function_call_output");
            json.writeStringField("call_id", result.callId());
            json.writeStringField("output", result.text());
            json.writeEndObject();
        } else if (part instanceof Part.Other other) {
            writeOther(other, json);
        } else {
            require(part instanceof Part.CachePoint, part, role);
        }
    }

    private void writeOther(Part.Other other, JsonGenerator json) throws IOException {
        boolean ours = other.protocol().equals(Responses.PROTOCOL);
        call.require(ours, "part-of-protocol", "part: of " + other.protocol(), "of " + Responses.PROTOCOL);
        json.writeRawValue(other.json());
    }

    private void require(boolean holds, Part part, Role role) {
        String place = "part: " + part.getClass().getSimpleName() + " in a message of " + role;
        call.require(holds, "part-by-role", place, "a part that such a message can have");
    }
}
