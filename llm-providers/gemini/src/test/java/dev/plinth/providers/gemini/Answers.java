package dev.plinth.providers.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Pieces of the protocol as a server writes them. */
final class Answers {
    static final ObjectMapper JSON = new ObjectMapper();

    private Answers() {}

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException broken) {
            throw new UncheckedIOException(text, broken);
        }
    }

    static String quoted(String text) {
        return JSON.getNodeFactory().textNode(text).toString();
    }

    static String text(String text) {
        return "{\"text\":" + quoted(text) + "}";
    }

    /** A response of these parts that is not at its end. */
    static String chunk(String... parts) {
        return "{\"candidates\":[{\"content\":{\"parts\":[" + String.join(",", parts) + "],\"role\":\"model\"},"
                + "\"index\":0}],\"usageMetadata\":{\"trafficType\":\"ON_DEMAND\"},\"modelVersion\":\"m-dated\","
                + "\"responseId\":\"r-1\"}";
    }

    /** A response of these parts that ends well, with its usage. */
    static String last(String... parts) {
        return "{\"candidates\":[{\"content\":{\"parts\":[" + String.join(",", parts) + "],\"role\":\"model\"},"
                + "\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":9,"
                + "\"candidatesTokenCount\":3,\"totalTokenCount\":12},\"modelVersion\":\"m-dated\","
                + "\"responseId\":\"r-1\"}";
    }

    /** A response with one candidate of these fields. */
    static String candidate(String fields) {
        return "{\"candidates\":[{" + fields + "}]}";
    }

    /** A response with this usage. */
    static String usage(String counts) {
        return "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]},\"finishReason\":\"STOP\"}],"
                + "\"usageMetadata\":{" + counts + "}}";
    }

    static String error(int code, String status, String message, String... details) {
        return "{\"error\":{\"code\":" + code + ",\"message\":" + quoted(message) + ",\"status\":\"" + status
                + "\",\"details\":[" + String.join(",", details) + "]}}";
    }
}
