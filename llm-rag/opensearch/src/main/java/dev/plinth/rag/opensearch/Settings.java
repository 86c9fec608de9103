package dev.plinth.rag.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.index.StoreBytes;

/** What an index is opened with. */
record Settings(
        VectorStore.Stamp stamp,
        String tenant,
        String language,
        int shards,
        int replicas,
        int neighbours,
        int candidates,
        int oversampling,
        boolean migrate) {

    /** Whose vectors and words these are, as the index keeps it. */
    JsonNode meta() {
        return Json.object()
                .put("format", StoreBytes.VERSION)
                .put("model", stamp.model())
                .put("dimensions", stamp.dimensions())
                .put("language", language);
    }

    /** The index, as it is made. */
    ObjectNode definition() {
        ObjectNode definition = Json.object();
        ObjectNode index = definition.putObject("settings").putObject("index");
        index.put("knn", true).put("number_of_shards", shards).put("number_of_replicas", replicas);
        index.putObject("similarity")
                .putObject("plinth")
                .put("type", "BM25")
                .put("k1", 0.9)
                .put("b", 0.4);
        ObjectNode mappings = definition.putObject("mappings").put("dynamic", "strict");
        mappings.putObject("_meta").set("plinth", meta());
        ObjectNode fields = mappings.putObject("properties");
        fields.set(Fields.KEY, keyword());
        fields.set(Fields.OWNER, keyword());
        fields.set(Fields.NAME, Json.object("type", "object").put("enabled", false)); // takes any text of any length
        fields.putObject(Fields.CONTENT).put("type", "binary");
        fields.putObject(Fields.WORDS)
                .put("type", "text")
                .put("analyzer", language.equals("simple") ? "standard" : language)
                .put("similarity", "plinth");
        fields.set(Fields.FACTS, keyword().put("doc_values", false));
        fields.set(Fields.EMBEDDED, keyword());
        fields.set(Fields.SOURCE, keyword());
        fields.set(Fields.ENTRY, keyword());
        fields.set(Fields.VECTOR, vector());
        return definition;
    }

    private static ObjectNode keyword() {
        return Json.object("type", "keyword");
    }

    private ObjectNode vector() {
        ObjectNode vector = Json.object("type", "knn_vector").put("dimension", stamp.dimensions());
        vector.putObject("method")
                .put("name", "hnsw")
                .put("engine", "lucene")
                .put("space_type", "cosinesimil")
                .putObject("parameters")
                .put("m", neighbours)
                .put("ef_construction", candidates);
        return vector;
    }
}
