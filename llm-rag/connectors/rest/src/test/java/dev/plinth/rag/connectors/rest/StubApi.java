package dev.plinth.rag.connectors.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** An API that answers by path, to those who know its secret. */
final class StubApi implements AutoCloseable {
    static final JsonMapper JSON = new JsonMapper();
    static final String SECRET = "s3cret-t0ken";

    private final StubServer server = StubServer.start();
    private final Map<String, Function<Call, StubAnswer>> paths = new LinkedHashMap<>();
    private String authorization = "Bearer " + SECRET;
    private StubAnswer forStrangers = StubAnswer.json(401, "{\"message\":\"no\"}");

    /** A request. */
    record Call(StubRequest request, Map<String, String> query) {
        String get(String name) {
            return query.getOrDefault(name, "");
        }

        JsonNode body() {
            try {
                return JSON.readTree(request.body());
            } catch (IOException exception) {
                throw new UncheckedIOException(exception);
            }
        }

        String lastOfPath() {
            return URLDecoder.decode(
                    request.path().substring(request.path().lastIndexOf('/') + 1), StandardCharsets.UTF_8);
        }
    }

    StubApi() {
        server.otherwise(this::answer);
    }

    /** Answers what begins with this path; the longest counts. */
    synchronized StubApi on(String path, Function<Call, StubAnswer> answer) {
        paths.put(path, answer);
        return this;
    }

    StubApi authorization(String value) {
        this.authorization = value;
        return this;
    }

    StubApi forStrangers(StubAnswer answer) {
        this.forStrangers = answer;
        return this;
    }

    private synchronized StubAnswer answer(StubRequest request) {
        if (!request.header("authorization").orElse("").equals(authorization)) {
            return forStrangers;
        }
        return paths.keySet().stream()
                .filter(path -> request.path().startsWith(path))
                .max(java.util.Comparator.comparingInt(String::length))
                .map(path -> paths.get(path).apply(new Call(request, query(request.target()))))
                .orElse(StubAnswer.json(404, "{}"));
    }

    private static Map<String, String> query(String target) {
        Map<String, String> query = new LinkedHashMap<>();
        int start = target.indexOf('?');
        for (String pair :
                start < 0 ? new String[0] : target.substring(start + 1).split("&")) {
            String[] parts = pair.split("=", 2);
            query.put(decoded(parts[0]), decoded(parts.length > 1 ? parts[1] : ""));
        }
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** JSON with single quotes for double ones. */
    static StubAnswer json(String text) {
        return StubAnswer.json(text.replace('\'', '"'));
    }

    URI url(String path) {
        return server.url(path);
    }

    StubServer server() {
        return server;
    }

    List<String> asked() {
        return server.requests().stream().map(StubRequest::target).toList();
    }

    @Override
    public void close() {
        server.close();
    }
}
