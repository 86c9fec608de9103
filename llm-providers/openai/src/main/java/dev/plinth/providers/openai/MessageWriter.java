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
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Writes a message as the protocol has it: tool results become messages of their own. */
final class MessageWriter {

    private static final int SHORT_ID = 9;

    private final ChatCall call;
    private final Dialect dialect;

    MessageWriter(ChatCall call, Dialect dialect) {
        this.call = call;
        this.dialect = dialect;
    }

    /** Writes a message, or refuses what the protocol has no words for. */
    void write(Message message, JsonGenerator json) throws IOException {
        for (Part part : message.parts()) {
            requireExpressible(part, message.role());
        }
        switch (message.role()) {
            case SYSTEM -> writeText("system", message, json);
            case USER -> writeUser(message, json);
            case ASSISTANT -> writeAssistant(message, json);
            case TOOL -> writeResults(message, json);
        }
    }

    private void requireExpressible(Part part, Role role) {
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

    private void writeAssistant(Message message, JsonGenerator json) throws IOException {
        boolean calls = !message.toolCalls().isEmpty();
        String text = message.text();
        json.writeStartObject();
        json.writeStringField("role", "assistant");
        if (text.isEmpty() && calls) {
            json.writeNullField("content");
        } else {
            json.writeStringField("content", text);
        }
        if (dialect.reasoningField() != null) {
            writeReasoning(message, dialect.reasoningField(), json);
        }
        if (calls) {
            writeCalls(message, json);
        }
        json.writeEndObject();
    }

    private static void writeReasoning(Message message, String field, JsonGenerator json) throws IOException {
        StringBuilder thought = new StringBuilder();
        for (Part part : message.parts()) {
            if (part instanceof Part.Reasoning reasoning) {
                thought.append(reasoning.text());
                if (ReasoningDetails.PROTOCOL.equals(reasoning.protocol()) && reasoning.signature() != null) {
                    json.writeFieldName("reasoning_details");
                    json.writeRawValue(reasoning.signature());
                }
            }
        }
        if (thought.length() > 0) {
            json.writeStringField(field, thought.toString());
        }
    }

    private void writeCalls(Message message, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("tool_calls");
        String proof = null;
        for (Part part : message.parts()) {
            if (part instanceof ToolCall toolCall) {
                json.writeStartObject();
                json.writeStringField("id", id(toolCall.id()));
                json.writeStringField("type", "function");
                json.writeObjectFieldStart("function");
                json.writeStringField("name", toolCall.name());
                json.writeStringField("arguments", toolCall.arguments());
                json.writeEndObject();
                if (proof != null && dialect.proofs()) {
                    writeProof(proof, json);
                }
                json.writeEndObject();
            }
            boolean proves =
                    part instanceof Part.Reasoning reasoning && ToolCallParts.GEMINI.equals(reasoning.protocol());
            proof = proves ? ((Part.Reasoning) part).signature() : null;
        }
        json.writeEndArray();
    }

    /** Google's proof of a thought, on its OpenAI-compatible side. */
    private static void writeProof(String signature, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("extra_content");
        json.writeObjectFieldStart("google");
        json.writeStringField("thought_signature", signature);
        json.writeEndObject();
        json.writeEndObject();
    }

    /** The id of a call; where it has to be short, the same short one for the call and its result. */
    private String id(String id) {
        boolean fits = id.length() == SHORT_ID && id.chars().allMatch(MessageWriter::isLetterOrDigit);
        if (!dialect.shortToolIds() || fits) {
            return id;
        }
        StringBuilder digits = new StringBuilder();
        BigInteger rest = new BigInteger(1, sha256(id));
        for (int i = 0; i < SHORT_ID; i++) {
            digits.append(Character.forDigit(rest.mod(BigInteger.valueOf(36)).intValue(), 36));
            rest = rest.divide(BigInteger.valueOf(36));
        }
        return digits.toString();
    }

    private static boolean isLetterOrDigit(int character) {
        return character < 128 && Character.isLetterOrDigit(character);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256: missing (expected: in every JDK)", impossible);
        }
    }

    private void writeResults(Message message, JsonGenerator json) throws IOException {
        for (Part part : message.parts()) {
            if (part instanceof ToolResult result) {
                json.writeStartObject();
                json.writeStringField("role", "tool");
                json.writeStringField("tool_call_id", id(result.callId()));
                json.writeStringField("content", result.text());
                json.writeEndObject();
            }
        }
    }

    static String url(Media media) {
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
