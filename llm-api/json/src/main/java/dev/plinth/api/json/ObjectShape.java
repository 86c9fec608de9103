package dev.plinth.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An object with known properties: a record, or the arguments of a method. */
final class ObjectShape implements Shape {

    /** The property that tells the records of a sealed interface apart. */
    static final String TAG = "type";

    private final String name;
    private final @Nullable String description;
    private final @Nullable String tag;
    private final Maker maker;
    private List<Property> properties = List.of();

    /**
     * A shape whose properties follow, since they may refer to it.
     *
     * @param name for definitions in the schema
     * @param tag the value of the property that tells it from its siblings; null: no such property
     */
    ObjectShape(String name, @Nullable String description, @Nullable String tag, Maker maker) {
        this.name = name;
        this.description = description;
        this.tag = tag;
        this.maker = maker;
    }

    /** Puts the values of the properties together. What it throws is told to the model as a violation. */
    interface Maker {
        Object make(@Nullable Object[] values) throws RefusedException;
    }

    /** The application's own code refused the values. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(Throwable cause) {
            super(cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage(), cause);
        }

        String problem() {
            return "refused: " + getMessage();
        }
    }

    /** Takes the value of a property out of an object. */
    interface Getter {
        @Nullable
        Object get(Object object);
    }

    /** One property, always listed as required. */
    record Property(String name, @Nullable String description, Shape shape, Getter getter) {}

    void complete(List<Property> all) {
        this.properties = List.copyOf(all);
    }

    /** The value of the property that tells it from its siblings; empty without one. */
    String tag() {
        return tag == null ? "" : tag;
    }

    @Override
    public ObjectNode schema(SchemaWriter schemas, @Nullable String placeDescription) {
        return schemas.shared(this, name, placeDescription);
    }

    /** The schema itself, never a reference to it. */
    ObjectNode body(SchemaWriter schemas, @Nullable String placeDescription) {
        ObjectNode schema = schemas.node("object", SchemaWriter.joined(placeDescription, description));
        ObjectNode described = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        if (tag != null) {
            described.putObject(TAG).put("type", "string").put("const", tag);
            required.add(TAG);
        }
        for (Property property : properties) {
            described.set(property.name(), property.shape().schema(schemas, property.description()));
            required.add(property.name());
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    @Override
    public @Nullable Object read(JsonNode node, Reading reading) {
        if (!node.isObject()) {
            return reading.wrongKind(node, "object");
        }
        int before = reading.count();
        @Nullable Object[] values = values(node, reading);
        if (reading.count() > before) {
            return null;
        }
        try {
            return maker.make(values);
        } catch (RefusedException refused) {
            return reading.violation(refused.problem());
        }
    }

    private @Nullable Object[] values(JsonNode node, Reading reading) {
        @Nullable Object[] values = new @Nullable Object[properties.size()];
        Set<String> known = new LinkedHashSet<>();
        if (tag != null) {
            known.add(TAG);
        }
        for (int i = 0; i < values.length; i++) {
            Property property = properties.get(i);
            known.add(property.name());
            values[i] = value(property, node.get(property.name()), reading.at(property.name()));
        }
        node.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                reading.at(field).violation("unknown property (expected: " + expected(known) + ")");
            }
        });
        return values;
    }

    private static @Nullable Object value(Property property, @Nullable JsonNode node, Reading reading) {
        if (node != null) {
            return property.shape().read(node, reading);
        }
        return property.shape() instanceof NullableShape nullable
                ? nullable.absent()
                : reading.violation("missing (expected: " + property.shape().kind() + ")");
    }

    private static String expected(Set<String> known) {
        return known.isEmpty() ? "no property" : "only " + String.join(", ", known);
    }

    @Override
    public void write(Object value, JsonGenerator out) throws IOException {
        out.writeStartObject();
        if (tag != null) {
            out.writeStringField(TAG, tag);
        }
        for (Property property : properties) {
            out.writeFieldName(property.name());
            property.shape().writeOrNull(property.getter().get(value), out);
        }
        out.writeEndObject();
    }

    @Override
    public String kind() {
        return "object";
    }

    @Override
    public List<Shape> parts() {
        return properties.stream().map(Property::shape).toList();
    }
}
