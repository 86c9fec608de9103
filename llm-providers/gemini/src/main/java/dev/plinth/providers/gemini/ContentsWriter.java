package dev.plinth.providers.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.ToolCallBuilder;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages as {@code contents}, which take turns: what one side says in several messages is one content. A
 * signature, which stands before the part it belongs to, becomes a field of that part.
 */
final class ContentsWriter {

    /** Google's word for a call that no Gemini model made: from the third generation on, one without any is refused. */
    private static final String UNSIGNED = "skip_thought_signature_validator";

    private final ChatCall call;
    private final JsonGenerator json;
    private final boolean callsAreSigned;
    private @Nullable String openRole;
    private @Nullable String signature;
    private boolean firstCall;

    ContentsWriter(ChatCall call, JsonGenerator json) {
        this.call = call;
        this.json = json;
        this.callsAreSigned = !Generation.beforeThree(call.model());
    }

    void write() throws IOException {
        json.writeArrayFieldStart("contents");
        for (Message message : call.request().messages()) {
            if (message.role() != Role.SYSTEM) {
                write(message);
            }
        }
        call.require(openRole != null, "no-contents", "messages: none that says anything", "one beside the system's");
        endContent();
        json.writeEndArray();
    }

    private void write(Message message) throws IOException {
        firstCall = true;
        String role = message.role() == Role.ASSISTANT ? "model" : "user";
        for (Part part : message.parts()) {
            if (part instanceof Part.Reasoning reasoning && message.role() == Role.ASSISTANT) {
                writeReasoning(reasoning, role);
            } else if (part instanceof Part.Other other) {
                writeOther(other, role);
            } else if (part instanceof Part.Reasoning
                    || (part instanceof ToolCall && message.role() != Role.ASSISTANT)) {
                throw misplaced(part, message.role(), call);
            } else if (says(part)) {
                beginPart(role);
                writeFields(part);
                endPart();
            }
        }
        writePendingSignature(role);
    }

    static UnsupportedCapabilityException misplaced(Part part, Role role, ChatCall call) {
        return call.unsupported(
                "part-by-role",
                "part: " + part.getClass().getSimpleName() + " in a message of " + role,
                "a part that such a message can have");
    }

    /** Empty text is refused, but for one that carries a signature. */
    private boolean says(Part part) {
        boolean empty = part instanceof Part.Text text && text.text().isEmpty() && signature == null;
        return !empty && !(part instanceof Part.CachePoint);
    }

    /** Only what Gemini signed is of use to it, and the signature of a thought without text is the next part's. */
    private void writeReasoning(Part.Reasoning reasoning, String role) throws IOException {
        if (!Gemini.PROTOCOL.equals(reasoning.protocol())) {
            return;
        }
        writePendingSignature(role);
        signature = reasoning.signature();
        if (!reasoning.text().isEmpty()) {
            beginPart(role);
            json.writeStringField("text", reasoning.text());
            json.writeBooleanField("thought", true);
            endPart();
        }
    }

    private void writeOther(Part.Other other, String role) throws IOException {
        boolean ours = other.protocol().equals(Gemini.PROTOCOL);
        call.require(ours, "part-of-protocol", "part: of " + other.protocol(), "of " + Gemini.PROTOCOL);
        writePendingSignature(role);
        beginContent(role);
        json.writeRawValue(other.json());
    }

    /** No part came that it belongs to: then it is one of an empty text. */
    private void writePendingSignature(String role) throws IOException {
        if (signature != null) {
            beginPart(role);
            json.writeStringField("text", "");
            endPart();
        }
    }

    private void beginPart(String role) throws IOException {
        beginContent(role);
        json.writeStartObject();
    }

    private void beginContent(String role) throws IOException {
        if (role.equals(openRole)) {
            return;
        }
        endContent();
        json.writeStartObject();
        json.writeStringField("role", role);
        json.writeArrayFieldStart("parts");
        openRole = role;
    }

    private void endContent() throws IOException {
        if (openRole != null) {
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private void endPart() throws IOException {
        if (signature != null) {
            json.writeStringField("thoughtSignature", signature);
            signature = null;
        }
        json.writeEndObject();
    }

    private void writeFields(Part part) throws IOException {
        if (part instanceof Part.Text text) {
            json.writeStringField("text", text.text());
        } else if (part instanceof Part.Image image) {
            writeMedia(image.media());
            writeDetail(image.detail());
        } else if (part instanceof Part.Audio audio) {
            writeMedia(audio.media());
        } else if (part instanceof Part.File file) {
            writeMedia(file.media());
        } else if (part instanceof ToolCall toolCall) {
            writeCall(toolCall);
        } else if (part instanceof ToolResult result) {
            writeResult(result);
        }
    }

    private void writeMedia(Media media) throws IOException {
        Optional<byte[]> bytes = media.bytes();
        json.writeObjectFieldStart(bytes.isPresent() ? "inlineData" : "fileData");
        json.writeStringField("mimeType", media.mimeType());
        if (bytes.isPresent()) {
            json.writeBinaryField("data", bytes.get());
        } else {
            json.writeStringField("fileUri", media.uri().orElseThrow().toString());
        }
        json.writeEndObject();
    }

    private void writeDetail(@Nullable String detail) throws IOException {
        if (detail != null) {
            String level = detail.toUpperCase(Locale.ROOT);
            json.writeObjectFieldStart("mediaResolution");
            json.writeStringField("level", level.startsWith("MEDIA_") ? level : "MEDIA_RESOLUTION_" + level);
            json.writeEndObject();
        }
    }

    private void writeCall(ToolCall toolCall) throws IOException {
        json.writeObjectFieldStart("functionCall");
        writeId(toolCall.id());
        json.writeStringField("name", toolCall.name());
        json.writeFieldName("args");
        writeObject(toolCall.arguments().isBlank() ? "{}" : toolCall.arguments(), "arguments");
        json.writeEndObject();
        if (firstCall && callsAreSigned && signature == null) {
            signature = UNSIGNED;
        }
        firstCall = false;
    }

    private void writeResult(ToolResult result) throws IOException {
        json.writeObjectFieldStart("functionResponse");
        writeId(result.callId());
        json.writeStringField("name", result.name());
        json.writeFieldName("response");
        if (result.isError()) {
            json.writeStartObject();
            json.writeStringField("error", result.text());
            json.writeEndObject();
        } else {
            writeObject(result.text(), "output");
        }
        json.writeEndObject();
    }

    /** An id that was made up here means nothing to Gemini, which then goes by name and order. */
    private void writeId(String id) throws IOException {
        if (!id.isEmpty() && !id.startsWith(ToolCallBuilder.MADE_UP_ID)) {
            json.writeStringField("id", id);
        }
    }

    /** The text where it is an object, which is all that Gemini takes; else an object that holds it under this name. */
    private void writeObject(String text, String otherwise) throws IOException {
        if (JsonText.isObject(text)) {
            json.writeRawValue(text);
            return;
        }
        json.writeStartObject();
        json.writeStringField(otherwise, text);
        json.writeEndObject();
    }
}
