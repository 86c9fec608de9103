package dev.plinth.bench.overhead;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** What is answered: bodies with all the fields that OpenAI sends. */
final class Answers {
    static final int DELTAS = 500;
    static final int VECTORS = 64;
    static final int DIMENSIONS = 384;
    static final int TOKENS = 200;
    private static final long SEED = 7;
    private static final List<String> WORDS =
            List.of("light", "is", "bent", "\\\"blue\\\"", "near", "the", "été", "haze\\n", "and", "gone");

    private static final String HEAD = "\"id\":\"chatcmpl-123456789012345678901234\",\"created\":1790000000,"
            + "\"model\":\"gpt-4o-mini-2024-07-18\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_123456\",";

    private Answers() {}

    /** The body of an answer. */
    static String body(Call call) {
        return switch (call) {
            case CHAT -> completion(message("\"" + text() + "\"", ""), "stop");
            case TOOL -> completion(message("null", toolCalls()), "tool_calls");
            case DELTA -> String.join("", events());
            case EMBEDDINGS_BASE64 -> embeddings(true);
            case EMBEDDINGS_FLOAT -> embeddings(false);
        };
    }

    private static String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < TOKENS; i++) {
            text.append(WORDS.get(i % WORDS.size())).append(' ');
        }
        return text.toString();
    }

    private static String toolCalls() {
        return ",\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"" + Questions.TOOL
                + "\",\"arguments\":\"{\\n  \\\"city\\\": \\\"Zürich\\\",\\n  \\\"unit\\\": \\\"c\\\"\\n}\"}}]";
    }

    private static String message(String content, String toolCalls) {
        return "{\"role\":\"assistant\",\"content\":" + content + ",\"refusal\":null,\"annotations\":[]" + toolCalls
                + "}";
    }

    private static String completion(String message, String reason) {
        return "{\"object\":\"chat.completion\"," + HEAD + "\"choices\":[{\"index\":0,\"message\":" + message
                + ",\"logprobs\":null,\"finish_reason\":\"" + reason + "\"}],\"usage\":" + usage(TOKENS) + "}";
    }

    private static String usage(int output) {
        return "{\"prompt_tokens\":50,\"completion_tokens\":" + output + ",\"total_tokens\":" + (50 + output)
                + ",\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0},\"completion_tokens_details\":"
                + "{\"reasoning_tokens\":0,\"audio_tokens\":0,\"accepted_prediction_tokens\":0,"
                + "\"rejected_prediction_tokens\":0}}";
    }

    /** The server-sent events of a stream, each with the empty line that ends it. */
    static List<String> events() {
        List<String> events = new ArrayList<>();
        events.add(chunk(choice("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null"), "null"));
        for (int i = 0; i < DELTAS; i++) {
            String word = WORDS.get(i % WORDS.size());
            events.add(chunk(choice("{\"content\":\" " + word + "\"}", "null"), "null"));
        }
        events.add(chunk(choice("{}", "\"stop\""), "null"));
        events.add(chunk("", usage(DELTAS)));
        events.add("data: [DONE]\n\n");
        return events;
    }

    private static String choice(String delta, String reason) {
        return "{\"index\":0,\"delta\":" + delta + ",\"logprobs\":null,\"finish_reason\":" + reason + "}";
    }

    private static String chunk(String choice, String usage) {
        return "data: {\"object\":\"chat.completion.chunk\"," + HEAD + "\"choices\":[" + choice + "],\"usage\":" + usage
                + ",\"obfuscation\":\"x8Fz\"}\n\n";
    }

    private static String embeddings(boolean base64) {
        Random random = new Random(SEED);
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < VECTORS; i++) {
            String vector = base64 ? base64(random) : numbers(random);
            entries.add("{\"object\":\"embedding\",\"index\":" + i + ",\"embedding\":" + vector + "}");
        }
        return "{\"object\":\"list\",\"data\":[" + String.join(",", entries) + "],\"model\":\""
                + Questions.EMBEDDING_MODEL + "\",\"usage\":{\"prompt_tokens\":2200,\"total_tokens\":2200}}";
    }

    private static String base64(Random random) {
        ByteBuffer bytes = ByteBuffer.allocate(DIMENSIONS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < DIMENSIONS; i++) {
            bytes.putFloat((float) value(random));
        }
        return "\"" + Base64.getEncoder().encodeToString(bytes.array()) + "\"";
    }

    private static String numbers(Random random) {
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < DIMENSIONS; i++) {
            numbers.add(String.format(Locale.ROOT, "%.9f", value(random)));
        }
        return "[" + String.join(",", numbers) + "]";
    }

    private static double value(Random random) {
        return random.nextGaussian() * 0.05;
    }

    /** The whole HTTP answer: a stream as one chunk per event (RFC 9112, 7.1), anything else with its length. */
    static byte[] http(Call call) {
        String type = call == Call.DELTA ? "text/event-stream; charset=utf-8" : "application/json";
        String head = "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nx-request-id: req_0123456789\r\n";
        if (call != Call.DELTA) {
            String body = body(call);
            return bytes(head + "Content-Length: " + bytes(body).length + "\r\n\r\n" + body);
        }
        StringBuilder answer = new StringBuilder(head).append("Transfer-Encoding: chunked\r\n\r\n");
        for (String event : events()) {
            answer.append(Integer.toHexString(bytes(event).length)).append("\r\n");
            answer.append(event).append("\r\n");
        }
        return bytes(answer.append("0\r\n\r\n").toString());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
