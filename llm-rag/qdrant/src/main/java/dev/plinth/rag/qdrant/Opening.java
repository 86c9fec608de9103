package dev.plinth.rag.qdrant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.index.StoreBytes;
import java.util.List;
import java.util.UUID;

/** Makes the collection if it is missing, and checks whose vectors it holds. */
final class Opening {
    /** The point that says whose vectors they are; it is no tenant's, so that no search finds it. */
    private static final String STAMP_ID = new UUID(0, 1).toString();

    private static final String STAMP = "stamp";

    private final QdrantCollection collection;
    private final Settings settings;

    Opening(QdrantCollection collection, Settings settings) {
        this.collection = collection;
        this.settings = settings;
    }

    void open() {
        JsonNode info = collection.info();
        if (info == null) {
            if (!settings.migrate()) {
                throw new StoreException("collection: " + collection.name() + " is missing (expected: there)");
            }
            collection.create(definition());
            info = collection.info();
        }
        checkVectors(info == null ? Json.object() : info);
        String held = stamp();
        if (held.isEmpty() && !isEmpty()) {
            throw new StoreException("collection: " + collection.name()
                    + " holds points, but none that says of which model they are (expected: of " + wanted()
                    + ", or no points)");
        }
        if (held.isEmpty() && settings.migrate()) {
            indexes();
            write(wanted());
            held = stamp();
        }
        if (!held.equals(wanted())) {
            throw new StoreException("collection: " + collection.name() + " is of "
                    + (held.isEmpty() ? "nobody known" : held) + " (expected: of " + wanted() + ")");
        }
    }

    private ObjectNode definition() {
        ObjectNode definition =
                Json.object().put("shard_number", settings.shards()).put("replication_factor", settings.replicas());
        definition
                .putObject("vectors")
                .put("size", settings.stamp().dimensions())
                .put("distance", "Cosine");
        definition.putObject("hnsw_config").put("m", settings.neighbours()).put("ef_construct", settings.candidates());
        return definition;
    }

    private void checkVectors(JsonNode info) {
        JsonNode vectors = info.at("/config/params/vectors");
        String held = vectors.path("size").asInt() + " dimensions, "
                + vectors.path("distance").asText();
        String wanted = settings.stamp().dimensions() + " dimensions, Cosine";
        if (!held.equals(wanted)) {
            throw new StoreException(
                    "collection: " + collection.name() + " has " + held + " (expected: " + wanted + ")");
        }
    }

    /** Without them filters would be slow, and where Qdrant is strict, refused. */
    private void indexes() {
        index(Payload.TENANT, Json.object().put("type", "keyword").put("is_tenant", true));
        index(Payload.FACTS, Json.object().put("type", "keyword"));
        index(Payload.ORDERED + "[]." + Payload.FIELD, Json.object().put("type", "keyword"));
        for (int lane = 0; lane < Lanes.MOST; lane++) {
            index(Payload.ORDERED + "[]." + Payload.lane(lane), Json.object().put("type", "float"));
        }
    }

    private void index(String field, ObjectNode schema) {
        ObjectNode index = Json.object().put("field_name", field);
        index.set("field_schema", schema);
        collection.update("PUT", "/index", index);
    }

    private String wanted() {
        VectorStore.Stamp stamp = settings.stamp();
        return Json.object()
                .put("format", StoreBytes.VERSION)
                .put("model", stamp.model())
                .put("dimensions", stamp.dimensions())
                .toString();
    }

    private String stamp() {
        ObjectNode request = Json.object().put("with_payload", true);
        request.putArray("ids").add(STAMP_ID);
        return collection
                .call("POST", "/points", request)
                .path(0)
                .path("payload")
                .path(STAMP)
                .asText("");
    }

    private boolean isEmpty() {
        ObjectNode request = Json.object().put("exact", true);
        return collection.call("POST", "/points/count", request).path("count").asLong() == 0;
    }

    private void write(String stamp) {
        float[] unit = new float[settings.stamp().dimensions()];
        unit[0] = 1;
        ObjectNode point = Json.object().put("id", STAMP_ID);
        point.set("vector", Json.vector(unit));
        point.putObject("payload").put(STAMP, stamp);
        collection.update("PUT", "/points", Json.object().set("points", Json.array(List.of(point))));
    }
}
