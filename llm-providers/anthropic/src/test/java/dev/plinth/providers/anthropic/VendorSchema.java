package dev.plinth.providers.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The vendor's schema of a request body, out of a third party's copy; a folder beside the repository. */
final class VendorSchema {

    private final Schema schema;

    private VendorSchema(Schema schema) {
        this.schema = schema;
    }

    /** The schema of the body of a path, or empty when the folder is not there. */
    static Optional<VendorSchema> of(String path) throws IOException {
        Path file = shared().resolve("wire/specs/anthropic/openapi.json");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        JsonNode document = Events.JSON.readTree(Files.readString(file));
        ObjectNode body = document.at("/paths/" + path.replace("/", "~1") + "/post/requestBody/content")
                .get("application/json")
                .get("schema")
                .deepCopy();
        body.set("components", document.get("components"));
        mend(body);
        return Optional.of(new VendorSchema(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(body)));
    }

    /** What the body has against it. */
    List<String> errors(JsonNode body) {
        return schema.validate(body).stream()
                .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
                .toList();
    }

    /** OpenAPI's alternatives overlap, and its discriminators are no part of JSON Schema. */
    private static void mend(JsonNode node) {
        if (node instanceof ObjectNode object) {
            if (object.get("discriminator") != null
                    && object.get("discriminator").has("propertyName")) {
                object.remove("discriminator");
            }
            if (object.get("oneOf") instanceof ArrayNode alternatives) {
                object.remove("oneOf");
                object.set("anyOf", alternatives);
            }
        }
        node.forEach(VendorSchema::mend);
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
