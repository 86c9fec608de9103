package dev.plinth.providers.anthropic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Pieces of the protocol as a server writes them. */
final class Events {

    static final ObjectMapper JSON = new ObjectMapper();
    static final String PING = "{\"type\":\"ping\"}";
    static final String STOP = "{\"type\":\"message_stop\"}";
    static final String START = start("{\"input_tokens\":9,\"output_tokens\":1}");

    private Events() {}

    static String start(String usage) {
        return "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
                + "\"model\":\"m-dated\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":" + usage
                + "}}";
    }

    static String block(int index, String block) {
        return "{\"type\":\"content_block_start\",\"index\":" + index + ",\"content_block\":" + block + "}";
    }

    static String delta(int index, String delta) {
        return "{\"type\":\"content_block_delta\",\"index\":" + index + ",\"delta\":" + delta + "}";
    }

    static String text(int index, String text) {
        return delta(index, "{\"type\":\"text_delta\",\"text\":" + quoted(text) + "}");
    }

    static String input(int index, String fragment) {
        return delta(index, "{\"type\":\"input_json_delta\",\"partial_json\":" + quoted(fragment) + "}");
    }

    static String blockStop(int index) {
        return "{\"type\":\"content_block_stop\",\"index\":" + index + "}";
    }

    static String finish(String reason) {
        return finish(reason, "{\"output_tokens\":3}");
    }

    static String finish(String reason, String usage) {
        return "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":" + quoted(reason)
                + ",\"stop_sequence\":null},\"usage\":" + usage + "}";
    }

    /** A whole message with these blocks. */
    static String message(String stopReason, String... blocks) {
        return "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m-dated\",\"content\":["
                + String.join(",", blocks) + "],\"stop_reason\":" + quoted(stopReason)
                + ",\"stop_sequence\":null,\"usage\":{\"input_tokens\":9,\"output_tokens\":3}}";
    }

    static String textBlock(String text) {
        return "{\"type\":\"text\",\"text\":" + quoted(text) + "}";
    }

    static String toolUse(String id, String name, String input) {
        return "{\"type\":\"tool_use\",\"id\":" + quoted(id) + ",\"name\":" + quoted(name) + ",\"input\":" + input
                + "}";
    }

    static String quoted(String text) {
        return JSON.getNodeFactory().textNode(text).toString();
    }

    static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException broken) {
            throw new AssertionError(json, broken);
        }
    }
}
