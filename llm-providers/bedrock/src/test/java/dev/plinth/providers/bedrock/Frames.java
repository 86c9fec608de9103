package dev.plinth.providers.bedrock;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/** Writes messages of an event stream as AWS does. */
final class Frames {

    private Frames() {}

    static byte[] event(String type, String json) {
        return message(
                Map.of(":message-type", "event", ":event-type", type, ":content-type", "application/json"), json);
    }

    static byte[] exception(String type, String json) {
        return message(
                Map.of(":message-type", "exception", ":exception-type", type, ":content-type", "application/json"),
                json);
    }

    static byte[] error(String code, String words) {
        return message(Map.of(":message-type", "error", ":error-code", code, ":error-message", words), "");
    }

    /** A message whose headers are all texts. */
    static byte[] message(Map<String, String> headers, String payload) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new LinkedHashMap<>(headers).forEach((name, value) -> {
            byte[] text = value.getBytes(StandardCharsets.UTF_8);
            header(name, 7, bytes);
            bytes.write(text.length >> 8);
            bytes.write(text.length);
            bytes.writeBytes(text);
        });
        return message(bytes.toByteArray(), payload.getBytes(StandardCharsets.UTF_8));
    }

    /** The start of a header. */
    static void header(String name, int type, ByteArrayOutputStream bytes) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        bytes.write(text.length);
        bytes.writeBytes(text);
        bytes.write(type);
    }

    static byte[] message(byte[] headers, byte[] payload) {
        int length = 16 + headers.length + payload.length;
        ByteBuffer message = ByteBuffer.allocate(length).putInt(length).putInt(headers.length);
        message.putInt(checksum(message.array(), 8)).put(headers).put(payload);
        return message.putInt(checksum(message.array(), length - 4)).array();
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32 checksum = new CRC32();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }

    static byte[] join(byte[]... messages) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] message : messages) {
            all.writeBytes(message);
        }
        return all.toByteArray();
    }

    // The events of ConverseStream.

    static byte[] start() {
        return event("messageStart", "{\"p\":\"abc\",\"role\":\"assistant\"}");
    }

    static byte[] delta(int block, String delta) {
        return event("contentBlockDelta", "{\"contentBlockIndex\":" + block + ",\"delta\":" + delta + ",\"p\":\"ab\"}");
    }

    static byte[] text(int block, String text) {
        return delta(block, "{\"text\":" + Answers.quoted(text) + "}");
    }

    static byte[] toolStart(int block, String fields) {
        return event(
                "contentBlockStart", "{\"contentBlockIndex\":" + block + ",\"start\":{\"toolUse\":{" + fields + "}}}");
    }

    static byte[] toolInput(int block, String piece) {
        return delta(block, "{\"toolUse\":{\"input\":" + Answers.quoted(piece) + "}}");
    }

    static byte[] stop(int block) {
        return event("contentBlockStop", "{\"contentBlockIndex\":" + block + ",\"p\":\"abcd\"}");
    }

    static byte[] finish(String reason) {
        return event("messageStop", "{\"p\":\"a\",\"stopReason\":\"" + reason + "\"}");
    }

    static byte[] metadata(String usage) {
        return event("metadata", "{\"metrics\":{\"latencyMs\":9},\"p\":\"abc\",\"usage\":" + usage + "}");
    }
}
