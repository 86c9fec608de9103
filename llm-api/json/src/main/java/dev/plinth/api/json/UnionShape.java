package dev.plinth.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One of the records of a sealed interface; the property {@value ObjectShape#TAG} says which. */
final class UnionShape implements Shape {

    private final String name;
    private final @Nullable String description;
    private Map<Class<?>, ObjectShape> variants = Map.of();

    UnionShape(String name, @Nullable String description) {
        this.name = name;
        this.description = description;
    }

    /** @param all in the order of the interface's declaration */
    void complete(Map<Class<?>, ObjectShape> all) {
        this.variants = all;
    }

    @Override
    public ObjectNode schema(SchemaWriter schemas, @Nullable String placeDescription) {
        return schemas.shared(this, name, placeDescription);
    }

    /** The schema itself, never a reference to it. */
    ObjectNode body(SchemaWriter schemas, @Nullable String placeDescription) {
        ObjectNode schema = schemas.node(null, SchemaWriter.joined(placeDescription, description));
        ArrayNode kinds = schema.putArray("anyOf");
        variants.values().forEach(variant -> kinds.add(variant.schema(schemas, null)));
        return schema;
    }

    @Override
    public @Nullable Object read(JsonNode node, Reading reading) {
        if (!node.isObject()) {
            return reading.wrongKind(node, "object");
        }
        JsonNode tag = node.get(ObjectShape.TAG);
        if (tag == null) {
            return reading.at(ObjectShape.TAG).violation("missing (expected: " + tags() + ")");
        }
        for (ObjectShape variant : variants.values()) {
            if (tag.isTextual() && variant.tag().equals(tag.textValue())) {
                return variant.read(node, reading);
            }
        }
        Reading place = reading.at(ObjectShape.TAG);
        return tag.isTextual()
                ? place.violation("another string (expected: " + tags() + ")")
                : place.wrongKind(tag, tags());
    }

    private String tags() {
        return "one of "
                + String.join(
                        ", ", variants.values().stream().map(ObjectShape::tag).toList());
    }

    @Override
    public void write(Object value, JsonGenerator out) throws IOException {
        ObjectShape variant = variants.get(value.getClass());
        if (variant == null) {
            throw new IllegalArgumentException(
                    "value: a " + value.getClass().getName() + " (expected: one of " + variants.keySet() + ")");
        }
        variant.write(value, out);
    }

    @Override
    public String kind() {
        return "object with " + ObjectShape.TAG + " " + tags();
    }

    @Override
    public List<Shape> parts() {
        return List.copyOf(variants.values());
    }
}
