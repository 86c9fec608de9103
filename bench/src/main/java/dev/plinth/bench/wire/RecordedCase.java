package dev.plinth.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinth.api.testkit.StubAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * One call that an official client made, the answers it was served and what it read.
 *
 * @param file the recording's file name
 * @param json the case as it was recorded
 */
record RecordedCase(String file, JsonNode json) {

    static final ObjectMapper JSON = new ObjectMapper();

    /** The cases of a file. */
    static List<RecordedCase> of(Path file) throws IOException {
        List<RecordedCase> cases = new ArrayList<>();
        String name = file.getFileName().toString();
        JSON.readTree(file.toFile()).path("cases").forEach(each -> cases.add(new RecordedCase(name, each)));
        return cases;
    }

    String name() {
        return json.path("name").asText();
    }

    /** The first attempt. */
    JsonNode request() {
        return json.at("/requests/0");
    }

    JsonNode body() {
        return request().path("body");
    }

    /** The path without its query. */
    String path() {
        return request().path("path").asText();
    }

    /** The value of a header of the first attempt; empty when there was none. */
    String header(String name) {
        for (JsonNode header : request().path("headers")) {
            if (header.path(0).asText().equalsIgnoreCase(name)) {
                return header.path(1).asText();
            }
        }
        return "";
    }

    /** What the client read of the answer; missing when it was an error. */
    JsonNode read() {
        return json.at("/client/ok");
    }

    /** The error the client threw; missing when there was none. */
    JsonNode error() {
        return json.at("/client/error");
    }

    /** The answers in their order, streams in pieces of so many bytes; 0: whole. */
    List<StubAnswer> answers(int pieces) {
        List<StubAnswer> answers = new ArrayList<>();
        json.path("served").forEach(served -> answers.add(answer(served, pieces)));
        return answers;
    }

    private static StubAnswer answer(JsonNode served, int pieces) {
        if (!served.has("body")) {
            return StubAnswer.hangUp();
        }
        byte[] body = bytes(served);
        String type = served.path("type").asText();
        int status = served.path("status").asInt();
        boolean streamed = type.contains("event-stream") || type.contains("eventstream") || type.contains("ndjson");
        StubAnswer answer =
                streamed ? StubAnswer.streaming(type).chunk(body).status(status) : StubAnswer.of(status, type, body);
        for (Map.Entry<String, JsonNode> header : served.path("headers").properties()) {
            answer = answer.header(header.getKey(), header.getValue().asText());
        }
        answer = pieces > 0 && streamed ? answer.inPieces(pieces) : answer;
        return served.path("cut").asBoolean() ? answer.reset() : answer;
    }

    private static byte[] bytes(JsonNode served) {
        JsonNode body = served.get("body");
        if (served.path("encoding").asText().equals("base64")) {
            return Base64.getDecoder().decode(body.asText());
        }
        return (body.isTextual() ? body.asText() : body.toString()).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return file + " " + name();
    }
}
