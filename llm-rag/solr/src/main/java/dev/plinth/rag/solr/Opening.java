package dev.plinth.rag.solr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.index.StoreBytes;
import java.util.List;

/** Makes the collection and its fields if they are missing, and checks whose vectors it holds. */
final class Opening {
    private static final String STAMP = "plinth-stamp";

    private final SolrCollection collection;
    private final Settings settings;

    Opening(SolrCollection collection, Settings settings) {
        this.collection = collection;
        this.settings = settings;
    }

    void open() {
        if (settings.migrate()) {
            create();
        }
        Schema schema = settings.schema();
        JsonNode there = read();
        String key = there.path("uniqueKey").asText();
        if (!key.equals(Fields.ID)) {
            throw new StoreException(
                    "collection: " + collection.name() + " has the key " + key + " (expected: " + Fields.ID + ")");
        }
        add(schema.missing(there));
        // First who comes says whose vectors they are, so that only one of two makes the field of the vectors.
        claim();
        add(schema.missingVectors(read()));
        checkDimensions(read());
    }

    private JsonNode read() {
        return collection.get("/" + collection.name() + "/schema?wt=json").path("schema");
    }

    private void create() {
        if (isThere()) {
            return;
        }
        String config = settings.configSet().isEmpty() ? "" : "&collection.configName=" + settings.configSet();
        try {
            collection.get("/admin/collections?action=CREATE&wt=json&name=" + collection.name() + "&numShards="
                    + settings.shards() + "&replicationFactor=" + settings.replicas() + config);
        } catch (StoreException refused) {
            if (!isThere()) { // somebody else made it
                throw refused;
            }
        }
    }

    private boolean isThere() {
        for (JsonNode name :
                collection.get("/admin/collections?action=LIST&wt=json").path("collections")) {
            if (name.asText().equals(collection.name())) {
                return true;
            }
        }
        return false;
    }

    private void add(ObjectNode missing) {
        if (missing.isEmpty()) {
            return;
        }
        if (!settings.migrate()) {
            throw new StoreException("collection: " + collection.name() + " has no " + missing.findValuesAsText("name")
                    + " (expected: what script() makes)");
        }
        try {
            collection.post("/" + collection.name() + "/schema?wt=json&updateTimeoutSecs=60", missing);
        } catch (StoreException refused) {
            JsonNode there = read().path("fields"); // somebody else added them
            for (JsonNode field : missing.path("add-field")) {
                if (!there.findValuesAsText("name").contains(field.path("name").asText())) {
                    throw refused;
                }
            }
        }
    }

    private void claim() {
        String wanted = Json.object()
                .put("format", StoreBytes.VERSION)
                .put("model", settings.stamp().model())
                .put("dimensions", settings.stamp().dimensions())
                .put("language", settings.language())
                .toString();
        String held = stamp();
        if (held.isEmpty()) {
            ObjectNode document = Json.object().put(Fields.ID, STAMP).put(Fields.CONTENT, wanted);
            if (collection.claim(document)) {
                return;
            }
            held = stamp();
        }
        if (!held.equals(wanted)) {
            throw new StoreException(
                    "collection: " + collection.name() + " is of " + held + " (expected: of " + wanted + ")");
        }
    }

    private String stamp() {
        ObjectNode query = Json.object().put("query", "*:*");
        query.putArray("filter").add(FilterJson.terms(Fields.ID, List.of(STAMP)));
        return collection.documents(query).path(0).path(Fields.CONTENT).asText("");
    }

    private void checkDimensions(JsonNode schema) {
        VectorStore.Stamp stamp = settings.stamp();
        for (JsonNode type : schema.path("fieldTypes")) {
            int dimensions = type.path("vectorDimension").asInt(stamp.dimensions());
            if (type.path("name").asText().equals("plinth_vector") && dimensions != stamp.dimensions()) {
                throw new StoreException("collection: " + collection.name() + " has vectors of " + dimensions
                        + " dimensions (expected: " + stamp.dimensions() + ", and a config set that no other uses)");
            }
        }
    }
}
