package dev.plinth.rag.qdrant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.rag.rest.RestAnswer;
import dev.plinth.rag.rest.RestClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** One collection, over the JSON that Qdrant speaks. */
final class QdrantCollection {
    private final RestClient servers;
    private final String name;
    private volatile boolean closed;

    QdrantCollection(RestClient servers, String name) {
        this.servers = servers;
        this.name = name;
    }

    String name() {
        return name;
    }

    void close() {
        closed = true;
    }

    /** The result of a call to a path below the collection. */
    JsonNode call(String method, String path, @Nullable JsonNode body) {
        RestAnswer answer = send(method, path, body);
        if (!answer.isSuccess()) {
            throw answer.error(reason(answer));
        }
        return read(answer).path("result");
    }

    /** As {@link #call}, of a search: what is searched for does not show in errors, so the reason does not, either. */
    JsonNode search(String path, JsonNode body) {
        RestAnswer answer = send("POST", path, body);
        if (!answer.isSuccess()) {
            throw answer.error("");
        }
        return read(answer).path("result");
    }

    /** A change that is done when this returns. */
    void update(String method, String path, JsonNode body) {
        String status = call(method, path + "?wait=true", body).path("status").asText();
        if (!status.equals("completed")) {
            throw new StoreException("collection: " + name + " answered a change with " + status
                    + " (expected: completed; it may still be)");
        }
    }

    /** What is known of the collection; null: it is not there. */
    @Nullable
    JsonNode info() {
        RestAnswer answer = send("GET", "", null);
        if (answer.status() == 404) {
            return null;
        }
        if (!answer.isSuccess()) {
            throw answer.error(reason(answer));
        }
        return read(answer).path("result");
    }

    /** Makes the collection, unless somebody else does at the same time. */
    void create(JsonNode settings) {
        RestAnswer answer = send("PUT", "", settings);
        if (!answer.isSuccess() && info() == null) {
            throw answer.error(reason(answer));
        }
    }

    private RestAnswer send(String method, String path, @Nullable JsonNode body) {
        if (closed) {
            throw new StoreException("store: closed (expected: open)");
        }
        try {
            byte[] json = body == null ? null : Json.MAPPER.writeValueAsBytes(body);
            return servers.send(method, "/collections/" + name + path, json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static String reason(RestAnswer answer) {
        try {
            return Json.MAPPER.readTree(answer.body()).at("/status/error").asText("");
        } catch (IOException noJson) {
            return "";
        }
    }

    private static JsonNode read(RestAnswer answer) {
        try {
            return Json.MAPPER.readTree(answer.body());
        } catch (IOException noJson) {
            throw new StoreException(answer + ": no JSON (expected: JSON)", ErrorDetails.NONE, noJson);
        }
    }
}
