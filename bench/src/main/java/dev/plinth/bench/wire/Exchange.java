package dev.plinth.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.testkit.StubAnswer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/** One answer out of a file of exchanges, as a server sent it. Fields that are not known are passed over. */
final class Exchange {

    /** Those that belong to the connection that was recorded, not to the one over which it is served again. */
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("content-length", "transfer-encoding", "content-encoding", "connection", "keep-alive", "date");

    final String protocol;
    final boolean embeddings;
    final boolean streamed;
    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    private Exchange(JsonNode json) throws IOException {
        this.protocol = json.path("protocol").asText();
        this.embeddings = json.path("kind").asText().equals("embeddings");
        this.streamed = json.path("stream").asBoolean();
        this.status = json.path("status").asInt(200);
        this.headers = headers(json.path("headers"));
        this.body = plain(Base64.getMimeDecoder().decode(json.path("body").asText()));
    }

    /**
     * Reads a line.
     *
     * @throws IOException if its body is no base64 or no gzip where it says so
     */
    static Exchange of(JsonNode json) throws IOException {
        try {
            return new Exchange(json);
        } catch (IllegalArgumentException noBase64) {
            throw new IOException("body: no base64 (expected: base64 of the body's bytes)", noBase64);
        }
    }

    /** An object of names and values, or a list of pairs. */
    private static Map<String, String> headers(JsonNode json) {
        Map<String, String> headers = new TreeMap<>();
        json.properties().forEach(header -> add(header.getKey(), header.getValue(), headers));
        if (json.isArray()) {
            json.forEach(pair -> add(pair.path(0).asText(), pair.path(1), headers));
        }
        return headers;
    }

    private static void add(String name, JsonNode value, Map<String, String> headers) {
        String text = value.isArray() ? value.path(0).asText() : value.asText();
        String lower = name.toLowerCase(Locale.ROOT);
        boolean sendable =
                !lower.isBlank() && (lower + text).chars().allMatch(character -> character >= ' ' && character < 127);
        if (sendable && !OF_THE_CONNECTION.contains(lower)) {
            headers.put(lower, text);
        }
    }

    private static byte[] plain(byte[] body) throws IOException {
        boolean zipped = body.length > 2 && body[0] == (byte) 0x1f && body[1] == (byte) 0x8b;
        if (!zipped) {
            return body;
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        }
    }

    /** The answer to serve; of a stream without a type, with this one. */
    StubAnswer answer(String streamType) {
        String type = headers.getOrDefault("content-type", streamed ? streamType : "application/json");
        StubAnswer answer = StubAnswer.of(status < 200 || status > 599 ? 500 : status, type, body);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (!header.getKey().equals("content-type")) {
                answer = answer.header(header.getKey(), header.getValue());
            }
        }
        return answer;
    }

    /** How many vectors there are: a call is made for as many texts. */
    int vectors() {
        try {
            JsonNode json = RecordedCase.JSON.readTree(body);
            JsonNode embeddings = json.path("embeddings");
            int several = Math.max(
                    Math.max(json.path("data").size(), json.path("predictions").size()),
                    embeddings.isObject()
                            ? Math.max(
                                    embeddings.path("float").size(),
                                    embeddings.path("base64").size())
                            : embeddings.size());
            return Math.max(1, several);
        } catch (IOException broken) {
            return 1;
        }
    }
}
