package dev.plinth.providers.openai;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A vendor's schema of a request's body, out of its OpenAPI document; a file beside the repository. */
final class Specs {

    private final Schema schema;

    private Specs(Schema schema) {
        this.schema = schema;
    }

    /** The body of a call to OpenAI; the test is skipped where the document is not there. */
    static Specs openAi(String path) throws IOException {
        return of("openai/openapi.json", path);
    }

    /** The body of a call to Mistral; the test is skipped where the document is not there. */
    static Specs mistral(String path) throws IOException {
        return of("mistral/openapi.yaml", path);
    }

    private static Specs of(String name, String path) throws IOException {
        Path file = shared().resolve("wire/specs").resolve(name);
        assumeTrue(Files.exists(file), name + ": not there (expected: the shared specifications)");
        JsonNode document = (name.endsWith("yaml") ? new YAMLMapper() : TestJson.JSON).readTree(file.toFile());
        mend(document);
        ObjectNode body = document.at("/paths")
                .path(path)
                .at("/post/requestBody/content/application~1json/schema")
                .deepCopy();
        body.set("components", document.get("components"));
        body.put("unevaluatedProperties", false); // finds what is misspelled
        return new Specs(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(body));
    }

    /** What a body has against it. */
    List<String> errors(JsonNode body) {
        return schema.validate(body).stream()
                .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
                .toList();
    }

    /** What a body has against it. */
    List<String> errors(String body) throws IOException {
        return errors(TestJson.JSON.readTree(body));
    }

    /** OpenAPI's alternatives overlap, and discriminators and nullable are no words of JSON Schema. */
    private static void mend(JsonNode node) {
        if (node instanceof ObjectNode object) {
            if (object.path("discriminator").has("propertyName")) {
                object.remove("discriminator");
            }
            if (object.path("oneOf").isArray()) {
                JsonNode alternatives = object.remove("oneOf");
                ArrayNode any = object.putArray("anyOf");
                alternatives.forEach(any::add);
            }
            if (object.path("nullable").isBoolean()) {
                mendNullable(object, object.remove("nullable").asBoolean());
            }
        }
        node.forEach(Specs::mend);
    }

    private static void mendNullable(ObjectNode schema, boolean nullable) {
        if (nullable && schema.path("type").isTextual()) {
            String type = schema.get("type").asText();
            schema.putArray("type").add(type).add("null");
            if (schema.path("enum") instanceof ArrayNode values) {
                values.addNull();
            }
        } else if (nullable && schema.path("anyOf") instanceof ArrayNode any) {
            any.addObject().put("type", "null");
        }
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
