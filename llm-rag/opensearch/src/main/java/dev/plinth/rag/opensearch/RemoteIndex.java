package dev.plinth.rag.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.rag.rest.RestAnswer;
import dev.plinth.rag.rest.RestClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One index, over the JSON that OpenSearch speaks. */
final class RemoteIndex {
    private static final int MISSING = 404;

    private final RestClient servers;
    private final String name;
    private volatile boolean closed;

    RemoteIndex(RestClient servers, String name) {
        this.servers = servers;
        this.name = name;
    }

    String name() {
        return name;
    }

    void close() {
        closed = true;
    }

    /** What the index says of itself; null: it is not there. */
    @Nullable
    JsonNode meta() {
        RestAnswer answer = send("GET", "/_mapping", null);
        if (answer.status() == MISSING) {
            return null;
        }
        JsonNode indices = answered(answer);
        if (indices.size() != 1) {
            throw new StoreException("index: " + name + " is " + indices.size() + " indices (expected: one)");
        }
        return indices.elements().next().at("/mappings/_meta/plinth"); // behind an alias it has another name
    }

    /** Makes the index, unless somebody else does at the same time. */
    void create(JsonNode definition) {
        RestAnswer answer = send("PUT", "", definition);
        boolean there = read(answer).at("/error/type").asText().equals("resource_already_exists_exception");
        if (!there) {
            answered(answer);
        }
    }

    /** Makes changes that every later search finds: waits until the next refresh, or makes one after many changes. */
    void changeVisibly(Bulk changes) {
        List<byte[]> parts = changes.parts();
        if (parts.size() == 1) {
            change(parts.get(0), "?refresh=wait_for");
        } else if (!parts.isEmpty()) { // a part would wait for the shards that it changes itself only
            change(changes);
            refresh();
        }
    }

    /** Makes changes that a search may find later. */
    void change(Bulk changes) {
        changes.parts().forEach(part -> change(part, ""));
    }

    private void change(byte[] lines, String refresh) {
        JsonNode result = answered(sendBytes("POST", "/_bulk" + refresh, lines));
        if (!result.path("errors").asBoolean()) {
            return;
        }
        List<String> reasons = new ArrayList<>();
        for (JsonNode item : result.path("items")) {
            for (JsonNode action : item) {
                if (action.has("error")) {
                    reasons.add(action.at("/error/type").asText());
                }
            }
        }
        throw new StoreException("index: " + name + " refused " + reasons.size() + " of "
                + result.path("items").size() + " changes, such as "
                + reasons.stream().distinct().limit(3).toList() + " (expected: none)");
    }

    /** Makes what was changed so far visible. */
    void refresh() {
        whole(answered(send("POST", "/_refresh", null)));
    }

    /** What a search answers; what is searched for does not show in errors, so the reason does not, either. */
    JsonNode search(JsonNode query) {
        RestAnswer answer = send("POST", "/_search?allow_partial_search_results=false", query);
        JsonNode json = read(answer);
        if (!answer.isSuccess()) {
            throw answer.error(json.at("/error/type").asText(""));
        }
        return whole(json);
    }

    long count(JsonNode query) {
        return whole(answered(send("POST", "/_count", Json.object("query", query))))
                .path("count")
                .asLong();
    }

    private JsonNode whole(JsonNode json) {
        int failed = json.at("/_shards/failed").asInt();
        if (failed > 0 || json.path("timed_out").asBoolean()) {
            throw new StoreException("index: " + name + " answered in part (expected: with all shards)");
        }
        return json;
    }

    /** The documents of these keys that are there, those included that are not visible yet. */
    List<JsonNode> get(List<String> keys, String fields) {
        List<JsonNode> found = new ArrayList<>();
        if (keys.isEmpty()) {
            return found;
        }
        JsonNode ids = Json.object("ids", Json.texts(keys));
        for (JsonNode document :
                answered(send("POST", "/_mget?_source_includes=" + fields, ids)).path("docs")) {
            if (document.has("error")) {
                throw new StoreException("index: " + name + " cannot read a document: "
                        + document.at("/error/type").asText() + " (expected: it, or that it is not there)");
            }
            if (document.path("found").asBoolean()) {
                found.add(document.path("_source"));
            }
        }
        return found;
    }

    private RestAnswer send(String method, String path, @Nullable JsonNode body) {
        return sendBytes(method, path, body == null ? null : body.toString().getBytes(StandardCharsets.UTF_8));
    }

    private RestAnswer sendBytes(String method, String path, byte @Nullable [] body) {
        if (closed) {
            throw new StoreException("index: closed (expected: open)");
        }
        return servers.send(method, "/" + name + path, body);
    }

    private static JsonNode answered(RestAnswer answer) {
        JsonNode json = read(answer);
        if (!answer.isSuccess()) {
            throw answer.error(json.at("/error/type").asText("") + " "
                    + json.at("/error/reason").asText(""));
        }
        return json;
    }

    private static JsonNode read(RestAnswer answer) {
        try {
            return Json.MAPPER.readTree(answer.body());
        } catch (IOException noJson) {
            if (!answer.isSuccess()) {
                throw answer.error("");
            }
            throw new StoreException(answer + ": no JSON (expected: JSON)", ErrorDetails.NONE, noJson);
        }
    }
}
