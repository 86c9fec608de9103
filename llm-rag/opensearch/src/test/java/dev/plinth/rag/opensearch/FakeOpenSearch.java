package dev.plinth.rag.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The part of OpenSearch's REST interface that the index uses, after its documentation: in memory, exact, and stricter than
 * the real one in that it takes no field it does not know. What was written is found by a search after a refresh of its
 * shard only, by its id at once.
 */
final class FakeOpenSearch implements AutoCloseable {
    static final String AUTHORIZATION = "Basic cGxpbnRoOnB3"; // plinth:pw

    private final Map<String, Index> indices = new TreeMap<>();
    final StubServer server = StubServer.start().otherwise(this::answer);

    /** An index, as it was made, its documents by id, and those that a search sees. */
    private static final class Index {
        private final JsonNode definition;
        private final Map<String, JsonNode> documents = new TreeMap<>();
        private final Map<String, JsonNode> visible = new TreeMap<>();

        Index(JsonNode definition) {
            this.definition = definition;
        }

        JsonNode fields() {
            return definition.at("/mappings/properties");
        }

        int shards() {
            return definition.at("/settings/index/number_of_shards").asInt();
        }

        int shard(String id) {
            return Math.floorMod(id.hashCode(), shards());
        }

        void refresh(int shard) {
            visible.keySet().removeIf(id -> shard(id) == shard);
            documents.forEach((id, document) -> {
                if (shard(id) == shard) {
                    visible.put(id, document);
                }
            });
        }
    }

    static final class Refused extends RuntimeException {
        private final int status;
        private final String type;

        Refused(int status, String type, String reason) {
            super(reason);
            this.status = status;
            this.type = type;
        }
    }

    @Override
    public void close() {
        server.close();
    }

    private synchronized StubAnswer answer(StubRequest request) {
        try {
            if (!request.header("authorization").equals(Optional.of(AUTHORIZATION))) {
                return StubAnswer.text(401, "Unauthorized");
            }
            return StubAnswer.json(
                    result(request.method(), request.target(), request.text()).toString());
        } catch (Refused refused) {
            ObjectNode answer = Json.object().put("status", refused.status);
            answer.set("error", error(refused));
            return StubAnswer.json(refused.status, answer.toString());
        } catch (IOException noJson) {
            return StubAnswer.json(400, "{\"error\":{\"type\":\"x_content_parse_exception\"},\"status\":400}");
        }
    }

    private static ObjectNode error(Refused refused) {
        return Json.object("type", refused.type).put("reason", refused.getMessage());
    }

    private JsonNode result(String method, String target, String text) throws IOException {
        String[] parts = target.split("/", 3);
        String call = method + (parts.length == 3 ? " " + parts[2] : "");
        if (call.equals("PUT")) {
            return create(parts[1], Json.MAPPER.readTree(text));
        }
        Index index = indices.get(parts[1]);
        if (index == null) {
            throw new Refused(404, "index_not_found_exception", "no such index [" + parts[1] + "]");
        }
        if (call.startsWith("POST _mget?_source_includes=")) {
            List<String> fields = List.of(call.substring(call.indexOf('=') + 1).split(","));
            return get(index, Json.MAPPER.readTree(text), fields);
        }
        return switch (call) {
            case "GET _mapping" -> Json.object(parts[1], Json.object("mappings", index.definition.path("mappings")));
            case "POST _refresh" -> refresh(index);
            case "POST _bulk" -> bulk(index, text);
            case "POST _bulk?refresh=wait_for" -> {
                JsonNode result = bulk(index, text);
                result.path("items").findValuesAsText("_id").stream()
                        .map(index::shard)
                        .distinct()
                        .forEach(index::refresh);
                yield result;
            }
            case "POST _search?allow_partial_search_results=false" ->
                new FakeSearch(index.fields(), index.visible).search(Json.MAPPER.readTree(text));
            case "POST _count" -> new FakeSearch(index.fields(), index.visible).count(Json.MAPPER.readTree(text));
            default -> throw new Refused(405, "method_not_allowed", target);
        };
    }

    private JsonNode create(String name, JsonNode definition) {
        if (indices.containsKey(name)) {
            throw new Refused(400, "resource_already_exists_exception", "index [" + name + "] already exists");
        }
        known(definition, "settings", "mappings");
        known(definition.at("/settings/index"), "knn", "number_of_shards", "number_of_replicas", "similarity");
        known(definition.path("mappings"), "dynamic", "_meta", "properties");
        for (JsonNode field : definition.at("/mappings/properties")) {
            switch (field.path("type").asText()) {
                case "keyword" -> known(field, "type", "index", "doc_values");
                case "binary" -> known(field, "type");
                case "object" -> {
                    known(field, "type", "enabled");
                    check(!field.path("enabled").asBoolean(true), "a disabled object, which takes anything");
                }
                case "text" -> known(field, "type", "analyzer", "similarity");
                case "knn_vector" -> {
                    known(field, "type", "dimension", "method");
                    known(field.path("method"), "name", "engine", "space_type", "parameters");
                    known(field.at("/method/parameters"), "m", "ef_construction");
                    check(definition.at("/settings/index/knn").asBoolean(), "knn");
                }
                default -> throw new Refused(400, "mapper_parsing_exception", "No handler for type");
            }
        }
        indices.put(name, new Index(definition));
        return Json.object().put("acknowledged", true).put("index", name);
    }

    private static JsonNode refresh(Index index) {
        IntStream.range(0, index.shards()).forEach(index::refresh);
        return Json.object("_shards", Json.object().put("failed", 0));
    }

    private static JsonNode bulk(Index index, String text) throws IOException {
        check(text.endsWith("\n"), "The bulk request must be terminated by a newline [\\n]");
        Iterator<String> lines = text.lines().iterator();
        ArrayNode items = Json.MAPPER.createArrayNode();
        boolean errors = false;
        while (lines.hasNext()) {
            JsonNode action = Json.MAPPER.readTree(lines.next());
            String kind = action.fieldNames().next();
            known(action.path(kind), "_id");
            String id = action.at("/" + kind + "/_id").asText();
            check(!id.isEmpty() && id.length() <= 512, "_id");
            ObjectNode item = Json.object("_id", id);
            try {
                item.put("status", change(index, kind, id, lines));
            } catch (Refused refused) {
                errors = true;
                item.put("status", refused.status).set("error", error(refused));
            }
            items.add(Json.object(kind, item));
        }
        return Json.object().put("took", 1).put("errors", errors).set("items", items);
    }

    private static int change(Index index, String kind, String id, Iterator<String> lines) throws IOException {
        if (kind.equals("delete")) {
            return index.documents.remove(id) == null ? 404 : 200;
        }
        JsonNode body = Json.MAPPER.readTree(lines.next());
        boolean update = kind.equals("update");
        if (update) {
            known(body, "doc", "doc_as_upsert");
            check(body.path("doc_as_upsert").asBoolean() || index.documents.containsKey(id), "document_missing");
        }
        JsonNode document = update ? body.path("doc") : body;
        document.properties().forEach(field -> checkValue(index.fields(), field.getKey(), field.getValue()));
        ObjectNode merged = Json.object();
        if (update && index.documents.containsKey(id)) {
            merged.setAll((ObjectNode) index.documents.get(id));
        }
        index.documents.put(id, merged.setAll((ObjectNode) document));
        return 200;
    }

    private static void checkValue(JsonNode fields, String name, JsonNode value) {
        JsonNode field = fields.path(name);
        if (field.isMissingNode()) {
            throw new Refused(400, "strict_dynamic_mapping_exception", "introduction of [" + name + "] is not allowed");
        }
        if (field.path("type").asText().equals("knn_vector")
                && value.size() != field.path("dimension").asInt()) {
            throw new Refused(400, "mapper_parsing_exception", "Vector dimension mismatch");
        }
        if (field.path("type").asText().equals("keyword")) {
            for (JsonNode each : value.isArray() ? value : Json.array(List.of(value))) {
                check(each.asText().length() <= 32_766, "immense term");
            }
        }
    }

    private static JsonNode get(Index index, JsonNode body, List<String> fields) {
        known(body, "ids");
        check(!body.path("ids").isEmpty(), "no documents to get");
        ArrayNode documents = Json.MAPPER.createArrayNode();
        for (JsonNode id : body.path("ids")) {
            JsonNode found = index.documents.get(id.asText());
            ObjectNode document = Json.object("_id", id.asText()).put("found", found != null);
            documents.add(found == null ? document : document.set("_source", source(found, fields)));
        }
        return Json.object("docs", documents);
    }

    static JsonNode source(JsonNode document, List<String> fields) {
        return ((ObjectNode) document.deepCopy()).retain(fields);
    }

    static void known(JsonNode object, String... fields) {
        object.fieldNames()
                .forEachRemaining(name -> check(Set.of(fields).contains(name), "unknown key [" + name + "]"));
    }

    static void check(boolean fine, String what) {
        if (!fine) {
            throw new Refused(400, "parsing_exception", what);
        }
    }
}
