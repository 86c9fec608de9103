package dev.plinth.providers.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes the content of a turn, or refuses what the protocol has no words for. */
final class BlockWriter {

    private final ChatCall call;
    private final ApiVersion version;
    private final boolean citations;

    BlockWriter(ChatCall call, ApiVersion version) {
        this.call = call;
        this.version = version;
        this.citations = call.request().options().get(Anthropic.CITATIONS).orElse(false);
    }

    /** Writes a field with content of this side: text alone as a string, else an array of blocks. */
    void write(String field, List<Block> blocks, Role role, JsonGenerator json) throws IOException {
        Block first = blocks.get(0);
        if (blocks.size() == 1 && first.mark == null && first.part instanceof Part.Text text) {
            json.writeStringField(field, text.text());
            return;
        }
        json.writeArrayFieldStart(field);
        for (Block block : blocks) {
            json.writeStartObject();
            write(block.part, role, json);
            CacheMarks.write(block.mark, json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void write(Part part, Role role, JsonGenerator json) throws IOException {
        if (part instanceof Part.Text text) {
            json.writeStringField("type", "text");
            json.writeStringField("text", text.text());
        } else if (part instanceof Part.Image image) {
            writeImage(image, json);
        } else if (part instanceof Part.File file) {
            writeDocument(file, role, json);
        } else if (part instanceof Part.Reasoning thought) {
            Thoughts.write(thought, json);
        } else if (part instanceof ToolCall toolCall) {
            writeCall(toolCall, json);
        } else if (part instanceof ToolResult result) {
            writeResult(result, json);
        } else if (part instanceof Part.Other other) {
            boolean ours = other.protocol().equals(Anthropic.PROTOCOL);
            call.require(ours, "part-of-protocol", "part: of " + other.protocol(), "of " + Anthropic.PROTOCOL);
            new OtherWriter(call, version, role).write(other, json);
        }
    }

    private void writeImage(Part.Image image, JsonGenerator json) throws IOException {
        call.require(image.detail() == null, "image-detail", "detail: " + image.detail(), "none");
        json.writeStringField("type", "image");
        json.writeObjectFieldStart("source");
        writeSource(image.media(), json);
        json.writeEndObject();
    }

    private void writeDocument(Part.File file, Role role, JsonGenerator json) throws IOException {
        if (role == Role.ASSISTANT) {
            version.requireLenient(call, "assistant-document", "document: in a message of ASSISTANT");
        }
        Media media = file.media();
        boolean text = media.mimeType().startsWith("text/") && media.bytes().isPresent();
        boolean known = text || isUploaded(media) || media.mimeType().equals("application/pdf");
        call.require(known, "file-format", "file: " + media, "application/pdf, or text as bytes");
        json.writeStringField("type", "document");
        json.writeObjectFieldStart("source");
        if (text) {
            json.writeStringField("type", "text");
            json.writeStringField("media_type", "text/plain");
            json.writeStringField("data", utf8(media));
        } else {
            writeSource(media, json);
        }
        json.writeEndObject();
        if (file.name() != null) {
            json.writeStringField("title", file.name());
        }
        if (citations) {
            json.writeObjectFieldStart("citations");
            json.writeBooleanField("enabled", true);
            json.writeEndObject();
        }
    }

    private static void writeSource(Media media, JsonGenerator json) throws IOException {
        URI uri = media.uri().orElse(null);
        if (uri != null && isUploaded(media)) {
            json.writeStringField("type", "file");
            json.writeStringField("file_id", uri.getSchemeSpecificPart());
        } else if (uri != null) {
            json.writeStringField("type", "url");
            json.writeStringField("url", uri.toString());
        } else {
            json.writeStringField("type", "base64");
            json.writeStringField("media_type", media.mimeType());
            json.writeFieldName("data");
            json.writeBinary(media.bytes().orElseThrow());
        }
    }

    private static boolean isUploaded(Media media) {
        return media.uri()
                .map(URI::getScheme)
                .filter(Anthropic.FILE_SCHEME::equals)
                .isPresent();
    }

    private String utf8(Media media) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(media.bytes().orElseThrow());
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException other) {
            throw call.unsupported("file-encoding", "file: text in another encoding", "UTF-8");
        }
    }

    private static void writeCall(ToolCall call, JsonGenerator json) throws IOException {
        json.writeStringField("type", "tool_use");
        json.writeStringField("id", id(call.id()));
        json.writeStringField("name", call.name());
        json.writeFieldName("input");
        Json.writeArguments(call.arguments(), json);
    }

    private static void writeResult(ToolResult result, JsonGenerator json) throws IOException {
        json.writeStringField("type", "tool_result");
        json.writeStringField("tool_use_id", id(result.callId()));
        if (!result.text().isEmpty()) {
            json.writeStringField("content", result.text());
        }
        if (result.isError()) {
            json.writeBooleanField("is_error", true);
        }
    }

    /** An id as the protocol takes it: those of other vendors may hold other characters. */
    private static String id(String id) {
        boolean plain = !id.isEmpty() && id.chars().allMatch(BlockWriter::isPlain);
        if (plain) {
            return id;
        }
        StringBuilder replaced = new StringBuilder("id");
        id.chars().forEach(unit -> {
            if (isPlain(unit)) {
                replaced.append((char) unit);
            } else {
                replaced.append('_').append(Integer.toHexString(unit));
            }
        });
        return replaced.toString();
    }

    private static boolean isPlain(int unit) {
        return (unit >= 'a' && unit <= 'z')
                || (unit >= 'A' && unit <= 'Z')
                || (unit >= '0' && unit <= '9')
                || unit == '_'
                || unit == '-';
    }
}
