package dev.plinth.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A recorded case made again: how our request differs from the official client's, and our reading of the answer from
 * its own.
 */
record Comparison(RecordedCase recorded, List<Difference> request, List<Difference> reading) {

    /** Makes the call of a case against a server that answers as it was recorded, streams in pieces of so many bytes. */
    static Comparison of(RecordedCase recorded, RecordedProtocol protocol, int pieces) throws IOException {
        try (StubServer server = StubServer.start()) {
            List<StubAnswer> answers = recorded.answers(pieces);
            server.enqueue(answers.toArray(StubAnswer[]::new));
            Outcome outcome = protocol.call(recorded, server.url("/"));
            List<Difference> reading = new ArrayList<>();
            // The official clients retry by themselves; with us a layer does. So every answer but the last is an error.
            for (int i = 1; i < answers.size(); i++) {
                if (outcome.error() == null || !outcome.error().isRetryable()) {
                    reading.add(new Difference("retryable", "true", String.valueOf(outcome.error())));
                }
                outcome = protocol.call(recorded, server.url("/"));
            }
            reading.addAll(protocol.read(recorded).differences(Reading.of(outcome)));
            return new Comparison(recorded, requestDifferences(recorded, protocol, server), reading);
        }
    }

    private static List<Difference> requestDifferences(
            RecordedCase recorded, RecordedProtocol protocol, StubServer server) throws IOException {
        if (server.requests().isEmpty()) {
            return List.of(new Difference("request", recorded.path(), "none"));
        }
        StubRequest sent = server.requests().get(0);
        JsonNode expected = recorded.request();
        List<Difference> differences = new ArrayList<>();
        is("method", expected.path("method").asText(), sent.method(), differences);
        is("target", recorded.path() + expected.path("query").asText(), sent.target(), differences);
        is(
                "content-type",
                type(recorded.header("content-type")),
                type(sent.header("content-type").orElse("")),
                differences);
        for (String header : protocol.headers()) {
            is(header, recorded.header(header), sent.header(header).orElse(""), differences);
        }
        JsonNode body =
                sent.body().length == 0 ? RecordedCase.JSON.missingNode() : RecordedCase.JSON.readTree(sent.body());
        differences.addAll(SameBody.differences(recorded.body(), body));
        return differences;
    }

    private static void is(String place, String expected, String actual, List<Difference> differences) {
        if (!expected.equals(actual)) {
            differences.add(new Difference(place, expected, actual));
        }
    }

    private static String type(String header) {
        return header.split(";")[0].strip().toLowerCase(Locale.ROOT);
    }
}
