package dev.plinth.providers.cohere;

/** Answers and events as Cohere writes them. */
final class Events {
    static final String USAGE = "{\"billed_units\":{\"input_tokens\":5,\"output_tokens\":3},"
            + "\"tokens\":{\"input_tokens\":71,\"output_tokens\":4},\"cached_tokens\":64}";
    static final String START =
            "{\"id\":\"i\",\"type\":\"message-start\",\"delta\":{\"message\":{\"role\":\"assistant\","
                    + "\"content\":[],\"tool_plan\":\"\",\"tool_calls\":[],\"citations\":[]}}}";
    static final String DONE = "[DONE]";

    private Events() {}

    /** A whole answer with these fields in its message. */
    static String answer(String message, String reason) {
        return "{\"id\":\"i\",\"message\":{\"role\":\"assistant\"," + message + "},\"finish_reason\":\"" + reason
                + "\",\"usage\":" + USAGE + "}";
    }

    static String text(String text) {
        return answer("\"content\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]", "COMPLETE");
    }

    static String event(String type, int index, String message) {
        return "{\"type\":\"" + type + "\",\"index\":" + index + ",\"delta\":{\"message\":" + message + "}}";
    }

    static String blockStart(int index, String kind) {
        return event("content-start", index, "{\"content\":{\"type\":\"" + kind + "\",\"" + kind + "\":\"\"}}");
    }

    static String blockDelta(int index, String kind, String text) {
        return event("content-delta", index, "{\"content\":{\"" + kind + "\":\"" + text + "\"}}");
    }

    static String end(String type, int index) {
        return "{\"type\":\"" + type + "\",\"index\":" + index + "}";
    }

    static String plan(String text) {
        return "{\"type\":\"tool-plan-delta\",\"delta\":{\"message\":{\"tool_plan\":\"" + text + "\"}}}";
    }

    static String callStart(int index, String id, String name) {
        return event(
                "tool-call-start",
                index,
                "{\"tool_calls\":{\"id\":\"" + id + "\",\"type\":\"function\",\"function\":{\"name\":\"" + name
                        + "\",\"arguments\":\"\"}}}");
    }

    /** @param arguments as they stand inside a JSON string */
    static String callDelta(int index, String arguments) {
        return event("tool-call-delta", index, "{\"tool_calls\":{\"function\":{\"arguments\":\"" + arguments + "\"}}}");
    }

    static String finish(String reason) {
        return "{\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"" + reason + "\",\"usage\":" + USAGE + "}}";
    }
}
