package dev.plinth.providers.openai;

/** Pieces of the protocol as a server writes them. */
final class Chunks {

    static final String DONE = "[DONE]";

    private Chunks() {}

    /** A chunk with this delta, in the envelope of the vendor. */
    static String delta(String delta) {
        return chunk("{\"index\":0,\"delta\":" + delta + ",\"logprobs\":null,\"finish_reason\":null}");
    }

    static String text(String text) {
        return delta("{\"content\":" + quoted(text) + "}");
    }

    static String finish(String reason) {
        return chunk("{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":" + quoted(reason) + "}");
    }

    static String usage(int input, int output) {
        return "{\"id\":\"c-1\",\"object\":\"chat.completion.chunk\",\"model\":\"m-dated\",\"choices\":[],\"usage\":"
                + "{\"prompt_tokens\":" + input + ",\"completion_tokens\":" + output + ",\"total_tokens\":"
                + (input + output) + "}}";
    }

    /** A whole completion with this message. */
    static String completion(String message, String finishReason) {
        return "{\"id\":\"c-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m-dated\",\"choices\":"
                + "[{\"index\":0,\"message\":" + message + ",\"finish_reason\":" + quoted(finishReason) + "}],"
                + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3,\"total_tokens\":12}}";
    }

    static String completion(String text) {
        return completion("{\"role\":\"assistant\",\"content\":" + quoted(text) + "}", "stop");
    }

    static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars().forEach(unit -> {
            if (unit < ' ' || unit == '"' || unit == '\\') {
                json.append(String.format("\\u%04x", unit));
            } else {
                json.append((char) unit);
            }
        });
        return json.append('"').toString();
    }

    private static String chunk(String choice) {
        return "{\"id\":\"c-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m-dated\","
                + "\"service_tier\":\"default\",\"choices\":[" + choice + "],\"usage\":null}";
    }
}
