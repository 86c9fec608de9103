package dev.plinth.tracing.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The JSON schemas of messages, tool definitions and documents of one version. They are held stricter than upstream
 * wrote them in one thing: there, a part with a known type and without what that type needs still passes as a generic
 * part.
 */
public final class MessageSchemas {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Consumer<ExecutionContext> IN_ENGLISH =
            context -> context.executionConfig(config -> config.locale(Locale.ROOT));

    private final String version;
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    private MessageSchemas(String version) {
        this.version = version;
    }

    /** The schemas of {@code 1.41} or {@code genai-0.1}. */
    public static MessageSchemas of(String version) {
        return new MessageSchemas(version);
    }

    /** What is wrong with the text, each problem in words that begin with a JSON pointer; {@code name} is a schema's, such as {@code input-messages}. */
    public List<String> check(String name, String json) {
        try {
            return check(name, JSON.readTree(json));
        } catch (JsonProcessingException exception) {
            return List.of("no JSON: " + exception.getOriginalMessage());
        }
    }

    /** The same for a structured value. */
    public List<String> check(String name, Value<?> value) {
        return check(name, json(value));
    }

    private List<String> check(String name, JsonNode json) {
        Map<String, String> byPlace = new LinkedHashMap<>();
        Schema schema = schemas.computeIfAbsent(name, this::load);
        for (Error error : schema.validate(json, IN_ENGLISH)) {
            byPlace.merge(
                    error.getInstanceLocation().toString(), error.getMessage(), (one, other) -> one + ", or " + other);
        }
        return byPlace.entrySet().stream()
                .map(entry -> "at '" + entry.getKey() + "': " + entry.getValue())
                .toList();
    }

    private static JsonNode json(Value<?> value) {
        Object held = value.getValue();
        switch (value.getType()) {
            case ARRAY -> {
                ArrayNode array = NODES.arrayNode();
                ((List<?>) held).forEach(item -> array.add(json((Value<?>) item)));
                return array;
            }
            case KEY_VALUE_LIST -> {
                ObjectNode object = NODES.objectNode();
                for (Object item : (List<?>) held) {
                    KeyValue member = (KeyValue) item;
                    object.set(member.getKey(), json(member.getValue()));
                }
                return object;
            }
            case BYTES -> {
                ByteBuffer bytes = ((ByteBuffer) held).duplicate();
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                return NODES.textNode(Base64.getEncoder().encodeToString(copy));
            }
            case EMPTY -> {
                return NODES.nullNode();
            }
            default -> {
                return JSON.valueToTree(held);
            }
        }
    }

    private Schema load(String name) {
        String path = "/conventions/" + version + "/" + name + ".schema.json";
        try (InputStream file = MessageSchemas.class.getResourceAsStream(path)) {
            JsonNode schema = JSON.readTree(Objects.requireNonNull(file, path));
            byType(schema, schema.path("$defs"));
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(schema);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    /** Makes "one of these, or a generic one" into "the one that its type names, else a generic one". */
    private static void byType(JsonNode node, JsonNode definitions) {
        node.forEach(child -> byType(child, definitions));
        if (!(node instanceof ObjectNode object) || !(object.get("anyOf") instanceof ArrayNode choices)) {
            return;
        }
        ArrayNode all = NODES.arrayNode();
        boolean hasGeneric = false;
        for (JsonNode choice : choices) {
            String reference = choice.path("$ref").asText();
            JsonNode type = definitions
                    .path(reference.replaceFirst("^#/\\$defs/", ""))
                    .path("properties")
                    .path("type");
            if (type.has("const")) {
                ObjectNode condition = all.addObject();
                condition.set("then", choice);
                ObjectNode named = condition.putObject("if");
                named.putArray("required").add("type");
                named.putObject("properties").putObject("type").set("const", type.get("const"));
            } else if (!type.isMissingNode()) {
                hasGeneric = true;
                all.insert(0, choice);
            }
        }
        if (hasGeneric && all.size() == choices.size()) {
            object.remove("anyOf");
            object.set("allOf", all);
        }
    }
}
