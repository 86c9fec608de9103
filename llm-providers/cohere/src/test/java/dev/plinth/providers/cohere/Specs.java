package dev.plinth.providers.cohere;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Jina's own OpenAPI document; a file beside the repository. */
final class Specs {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Specs() {}

    /** What is wrong with the body of a request to this path; empty: the document is not there. */
    static Optional<List<String>> errors(String path, String body) throws IOException {
        Path file = shared().resolve("wire/specs/jina/openapi.json");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        JsonNode document = JSON.readTree(file.toFile());
        mend(document);
        JsonNode schema = document.at("/paths")
                .path(path)
                .at("/post/requestBody/content")
                .path("application/json")
                .path("schema");
        ObjectNode root = ((ObjectNode) schema).deepCopy();
        root.set("components", document.get("components"));
        root.put("unevaluatedProperties", false); // finds what is misspelled
        return Optional.of(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(JSON.writeValueAsString(root), InputFormat.JSON)
                .validate(body, InputFormat.JSON)
                .stream()
                .map(error -> error.getInstanceLocation() + " " + error.getMessage())
                .toList());
    }

    /** OpenAPI's alternatives overlap, so one of them or more may fit. */
    private static void mend(JsonNode node) {
        if (node instanceof ObjectNode object) {
            if (object.path("discriminator").isObject()) {
                object.remove("discriminator");
            }
            if (object.path("oneOf").isArray()) {
                JsonNode alternatives = object.remove("oneOf");
                ArrayNode any = object.putArray("anyOf");
                alternatives.forEach(any::add);
            }
        }
        node.forEach(Specs::mend);
    }

    private static Path shared() {
        String set = System.getProperty("plinth.shared");
        if (set != null) {
            return Path.of(set);
        }
        Path folder = Path.of("").toAbsolutePath();
        while (folder.getParent() != null && !Files.isDirectory(folder.resolve("llm-api"))) {
            folder = folder.getParent();
        }
        return folder.resolveSibling("shared");
    }
}
