package dev.plinth.rag.qdrant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The part of Qdrant's REST interface that the store uses, after its OpenAPI description: in memory, exact,
 * and stricter than the real one in that it takes no field it does not know, and no filter on a field without an index.
 */
final class FakeQdrant implements AutoCloseable {
    private static final String KEY = "the-key";

    private final Map<String, Collection> collections = new TreeMap<>();
    final StubServer server = StubServer.start().otherwise(this::answer);

    /** A collection, as it was made, and its points by id. */
    private static final class Collection {
        private final JsonNode vectors;
        private final Map<String, JsonNode> points = new TreeMap<>();
        private final Set<String> indexes = new TreeSet<>();

        Collection(JsonNode vectors) {
            this.vectors = vectors;
        }
    }

    static final class Refused extends RuntimeException {
        private final int status;

        Refused(int status, String reason) {
            super(reason);
            this.status = status;
        }
    }

    static String key() {
        return KEY;
    }

    @Override
    public void close() {
        server.close();
    }

    private synchronized StubAnswer answer(StubRequest request) {
        try {
            if (!request.header("api-key").equals(Optional.of(KEY))) {
                return StubAnswer.text(401, "Must provide an API key or an Authorization bearer token");
            }
            JsonNode body = request.text().isEmpty() ? null : Json.MAPPER.readTree(request.text());
            JsonNode result = result(request.method(), request.target(), body);
            ObjectNode answer = Json.object().put("status", "ok").put("time", 0.001);
            return StubAnswer.json(answer.set("result", result).toString());
        } catch (Refused refused) {
            ObjectNode answer = Json.object().put("time", 0.0);
            answer.putObject("status").put("error", refused.getMessage());
            return StubAnswer.json(refused.status, answer.toString());
        } catch (IOException noJson) {
            return StubAnswer.json(400, "{\"status\":{\"error\":\"Format error in JSON body\"},\"time\":0.0}");
        }
    }

    private JsonNode result(String method, String target, JsonNode body) {
        String[] parts = target.split("/", 4);
        check(parts.length >= 3 && parts[1].equals("collections"), 404, "no such path " + target);
        String name = parts[2];
        String call = method + (parts.length == 4 ? " " + parts[3] : "");
        if (call.equals("PUT")) {
            return create(name, body);
        }
        Collection collection = collections.get(name);
        check(collection != null, 404, "Not found: Collection `" + name + "` doesn't exist!");
        return switch (call) {
            case "GET" -> info(collection);
            case "PUT index?wait=true" -> index(collection, body);
            case "PUT points?wait=true" -> upsert(collection, body);
            case "POST points/delete?wait=true" -> delete(collection, body);
            case "POST points" -> retrieve(collection, body);
            case "POST points/scroll" -> scroll(collection, body);
            case "POST points/query" -> query(collection, body);
            case "POST points/count" -> count(collection, body);
            default -> throw new Refused(404, "no such path " + target);
        };
    }

    private JsonNode create(String name, JsonNode body) {
        check(!collections.containsKey(name), 409, "Wrong input: Collection `" + name + "` already exists!");
        known(body, "vectors", "shard_number", "replication_factor", "hnsw_config");
        JsonNode vectors = body.path("vectors");
        known(vectors, "size", "distance");
        check(vectors.path("size").isInt(), "size");
        check(
                Set.of("Cosine", "Euclid", "Dot", "Manhattan")
                        .contains(vectors.path("distance").asText()),
                "distance");
        known(body.path("hnsw_config"), "m", "ef_construct");
        check(body.at("/hnsw_config/ef_construct").asInt() >= 4, "ef_construct");
        collections.put(name, new Collection(vectors));
        return Json.MAPPER.getNodeFactory().booleanNode(true);
    }

    private static JsonNode info(Collection collection) {
        ObjectNode info = Json.object().put("status", "green").put("points_count", collection.points.size());
        info.putObject("config").putObject("params").set("vectors", collection.vectors);
        return info;
    }

    private static JsonNode index(Collection collection, JsonNode body) {
        known(body, "field_name", "field_schema");
        JsonNode schema = body.path("field_schema");
        known(schema, "type", "is_tenant");
        check(Set.of("keyword", "float").contains(schema.path("type").asText()), "type");
        collection.indexes.add(body.path("field_name").asText());
        return completed();
    }

    private static JsonNode completed() {
        return Json.object().put("operation_id", 1).put("status", "completed");
    }

    private static JsonNode upsert(Collection collection, JsonNode body) {
        known(body, "points");
        check(!body.path("points").isEmpty(), 400, "Wrong input: Empty update request");
        Map<String, JsonNode> changed = new TreeMap<>();
        for (JsonNode point : body.path("points")) {
            known(point, "id", "vector", "payload");
            check(point.path("payload").isObject(), "payload");
            double[] vector = vector(collection, point.path("vector"));
            ObjectNode stored = Json.object();
            ArrayNode unit = stored.putArray("vector");
            double length = Math.sqrt(dot(vector, vector));
            for (double value : vector) {
                unit.add((float) (value / length)); // as it does for the distance Cosine
            }
            changed.put(id(point.path("id")), stored.set("payload", point.path("payload")));
        }
        collection.points.putAll(changed);
        return completed();
    }

    private static double[] vector(Collection collection, JsonNode values) {
        check(
                values.isArray()
                        && values.size() == collection.vectors.path("size").asInt(),
                400,
                "Vector dimension error");
        double[] vector = new double[values.size()];
        for (int i = 0; i < vector.length; i++) {
            check(values.get(i).isNumber(), "vector");
            vector[i] = values.get(i).doubleValue();
        }
        return vector;
    }

    private static String id(JsonNode id) {
        check(id.isTextual() && UUID.fromString(id.asText()).toString().equals(id.asText()), "id");
        return id.asText();
    }

    private static JsonNode delete(Collection collection, JsonNode body) {
        known(body, "points");
        check(!body.path("points").isEmpty(), 400, "Wrong input: Empty update request");
        body.path("points").forEach(point -> collection.points.remove(id(point)));
        return completed();
    }

    private static JsonNode retrieve(Collection collection, JsonNode body) {
        known(body, "ids", "with_payload", "with_vector");
        ArrayNode found = Json.MAPPER.createArrayNode();
        for (JsonNode id : body.path("ids")) {
            if (collection.points.containsKey(id(id))) {
                found.add(shown(collection, id.asText(), body));
            }
        }
        return found;
    }

    private static ObjectNode shown(Collection collection, String id, JsonNode body) {
        JsonNode point = collection.points.get(id);
        ObjectNode shown = Json.object().put("id", id);
        JsonNode wanted = body.path("with_payload");
        ObjectNode payload = Json.object();
        point.path("payload").properties().forEach(field -> {
            boolean listed = false;
            for (JsonNode name : wanted) {
                listed |= name.asText().equals(field.getKey());
            }
            if (listed || wanted.asBoolean()) {
                payload.set(field.getKey(), field.getValue());
            }
        });
        shown.set("payload", payload);
        if (body.path("with_vector").asBoolean()) {
            shown.set("vector", point.path("vector"));
        }
        return shown;
    }

    private static JsonNode scroll(Collection collection, JsonNode body) {
        known(body, "offset", "limit", "filter", "with_payload", "with_vector");
        String offset = body.has("offset") ? id(body.path("offset")) : "";
        ArrayNode points = Json.MAPPER.createArrayNode();
        ObjectNode page = Json.object();
        page.set("points", points);
        page.putNull("next_page_offset");
        for (String id : passing(collection, body)) {
            if (id.compareTo(offset) < 0) {
                continue;
            }
            if (points.size() == limit(body)) {
                return page.put("next_page_offset", id);
            }
            points.add(shown(collection, id, body));
        }
        return page;
    }

    private static int limit(JsonNode body) {
        check(body.path("limit").asInt(10) >= 1, "limit");
        return body.path("limit").asInt(10);
    }

    private static JsonNode query(Collection collection, JsonNode body) {
        known(body, "query", "filter", "limit", "with_payload", "params");
        known(body.path("params"), "exact");
        double[] query = vector(collection, body.path("query"));
        double length = Math.sqrt(dot(query, query));
        List<ObjectNode> found = new ArrayList<>();
        for (String id : passing(collection, body)) {
            double[] vector = vector(collection, collection.points.get(id).path("vector"));
            found.add(
                    shown(collection, id, body).put("version", 1).put("score", (float) (dot(query, vector) / length)));
        }
        found.sort(Comparator.comparingDouble(point -> -point.path("score").doubleValue()));
        return Json.object().set("points", Json.array(found.subList(0, Math.min(found.size(), limit(body)))));
    }

    private static double dot(double[] one, double[] other) {
        double dot = 0;
        for (int i = 0; i < one.length; i++) {
            dot += one[i] * other[i];
        }
        return dot;
    }

    private static JsonNode count(Collection collection, JsonNode body) {
        known(body, "filter", "exact");
        return Json.object().put("count", passing(collection, body).size());
    }

    private static List<String> passing(Collection collection, JsonNode body) {
        FakeConditions conditions = new FakeConditions(collection.indexes);
        List<String> passing = new ArrayList<>();
        conditions.check(body.path("filter"), "");
        collection.points.forEach((id, point) -> {
            if (conditions.passes(body.path("filter"), point.path("payload"))) {
                passing.add(id);
            }
        });
        return passing;
    }

    static void known(JsonNode object, String... fields) {
        object.fieldNames()
                .forEachRemaining(name -> check(Set.of(fields).contains(name), 400, "unknown field `" + name + "`"));
    }

    static void check(boolean fine, String what) {
        check(fine, 422, "Validation error in JSON body: [" + what + "]");
    }

    static void check(boolean fine, int status, String reason) {
        if (!fine) {
            throw new Refused(status, reason);
        }
    }
}
