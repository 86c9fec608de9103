package dev.plinth.rag.solr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.StoreException;
import dev.plinth.rag.rest.RestAnswer;
import dev.plinth.rag.rest.RestClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One collection, over the JSON that Solr speaks. */
final class SolrCollection {
    private static final int DOCUMENTS = 200;
    private static final int CONFLICT = 409;

    private final RestClient servers;
    private final String name;
    private volatile boolean closed;

    SolrCollection(RestClient servers, String name) {
        this.servers = servers;
        this.name = name;
    }

    String name() {
        return name;
    }

    void close() {
        closed = true;
    }

    /** Answers of a search; what is searched for does not show in errors, so the reason does not, either. */
    JsonNode search(ObjectNode query) {
        RestAnswer answer = send("POST", "/" + name + "/select?expandMacros=false&wt=json", query);
        JsonNode json = read(answer);
        if (!answer.isSuccess()) {
            throw answer.error(
                    json.at("/error/metadata").findPath("root-error-class").asText(errorClass(json)));
        }
        if (json.at("/responseHeader/partialResults").asBoolean()) {
            throw new StoreException("collection: " + name + " answered in part (expected: with all shards)");
        }
        return json;
    }

    /** Names and values in turn, of which the last is the class of the cause. */
    private static String errorClass(JsonNode json) {
        JsonNode metadata = json.at("/error/metadata");
        return metadata.path(metadata.size() - 1).asText("");
    }

    /** The documents that were found. */
    JsonNode documents(ObjectNode query) {
        return search(query).at("/response/docs");
    }

    /** Puts documents in, for every later search to find. */
    void put(List<ObjectNode> documents) {
        for (int start = 0; start < documents.size(); start += DOCUMENTS) {
            int end = Math.min(documents.size(), start + DOCUMENTS);
            update(Json.array(documents.subList(start, end)), end == documents.size());
        }
    }

    /** Takes the documents of these ids out, for no later search to find. */
    void delete(Collection<String> ids) {
        List<String> all = new ArrayList<>(ids);
        int most = 10 * DOCUMENTS;
        for (int start = 0; start < all.size(); start += most) {
            int end = Math.min(all.size(), start + most);
            update(Json.object().set("delete", Json.texts(all.subList(start, end))), end == all.size());
        }
    }

    private void update(JsonNode body, boolean commit) {
        answered(send("POST", "/" + name + "/update?wt=json" + (commit ? "&commit=true&softCommit=true" : ""), body));
    }

    /** Puts a document in unless one of its id is there; says whether it did. */
    boolean claim(ObjectNode document) {
        document.put("_version_", -1);
        RestAnswer answer =
                send("POST", "/" + name + "/update?wt=json&commit=true&softCommit=true", Json.array(List.of(document)));
        if (answer.status() == CONFLICT) {
            return false;
        }
        answered(answer);
        return true;
    }

    /** Asks for what is no document. */
    JsonNode get(String path) {
        return answered(send("GET", path, null));
    }

    /** As {@link #get}, with a body. */
    JsonNode post(String path, JsonNode body) {
        return answered(send("POST", path, body));
    }

    private RestAnswer send(String method, String path, @Nullable JsonNode body) {
        if (closed) {
            throw new StoreException("index: closed (expected: open)");
        }
        try {
            return servers.send(method, path, body == null ? null : Json.MAPPER.writeValueAsBytes(body));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static JsonNode answered(RestAnswer answer) {
        JsonNode json = read(answer);
        if (!answer.isSuccess()) {
            throw error(answer, json);
        }
        return json;
    }

    private static LlmException error(RestAnswer answer, JsonNode json) {
        JsonNode details = json.at("/error/details");
        return answer.error(json.at("/error/msg").asText("") + (details.isMissingNode() ? "" : " " + details));
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
