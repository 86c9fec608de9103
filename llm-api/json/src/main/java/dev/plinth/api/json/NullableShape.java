package dev.plinth.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A value or JSON null: {@code @Nullable} or one of the Optionals. The schema demands the property with a type union,
 * which is how strict modes want it; a property that a model left out reads as null all the same.
 */
final class NullableShape implements Shape {

    private final Shape value;
    private final Class<?> type;

    /** @param type one of the Optionals; anything else: the plain value or null */
    NullableShape(Shape value, Class<?> type) {
        this.value = value;
        this.type = type;
    }

    @Override
    public ObjectNode schema(SchemaWriter schemas, @Nullable String description) {
        ObjectNode schema = value.schema(schemas, description);
        if (schema.has("$ref")) {
            ObjectNode union = schemas.node(null, description);
            union.putArray("anyOf").add(schema).add(schemas.node("null", null));
            return union;
        }
        if (schema.get("anyOf") instanceof ArrayNode kinds) {
            kinds.add(schemas.node("null", null));
            return schema;
        }
        String kind = schema.get("type").textValue();
        schema.putArray("type").add(kind).add("null");
        if (schema.get("enum") instanceof ArrayNode names) {
            names.addNull();
        }
        return schema;
    }

    /** What stands for a property that is not there. */
    @Nullable
    Object absent() {
        if (type == Optional.class) {
            return Optional.empty();
        }
        if (type == OptionalInt.class) {
            return OptionalInt.empty();
        }
        if (type == OptionalLong.class) {
            return OptionalLong.empty();
        }
        return type == OptionalDouble.class ? OptionalDouble.empty() : null;
    }

    @Override
    public @Nullable Object read(JsonNode node, Reading reading) {
        if (node.isNull()) {
            return absent();
        }
        Object read = value.read(node, reading);
        if (read == null) {
            return null;
        }
        if (type == Optional.class) {
            return Optional.of(read);
        }
        if (type == OptionalInt.class) {
            return OptionalInt.of((Integer) read);
        }
        if (type == OptionalLong.class) {
            return OptionalLong.of((Long) read);
        }
        return type == OptionalDouble.class ? OptionalDouble.of((Double) read) : read;
    }

    @Override
    public void write(Object written, JsonGenerator out) throws IOException {
        value.writeOrNull(unwrapped(written), out);
    }

    private static @Nullable Object unwrapped(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.orElse(null);
        }
        if (value instanceof OptionalInt optional) {
            return optional.isPresent() ? optional.getAsInt() : null;
        }
        if (value instanceof OptionalLong optional) {
            return optional.isPresent() ? optional.getAsLong() : null;
        }
        if (value instanceof OptionalDouble optional) {
            return optional.isPresent() ? optional.getAsDouble() : null;
        }
        return value;
    }

    @Override
    public String kind() {
        return value.kind() + " or null";
    }

    @Override
    public List<Shape> parts() {
        return List.of(value);
    }
}
