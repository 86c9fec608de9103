package dev.plinth.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A JSON array: a list, a set (in the order of the text, equal elements once) or a Java array. */
final class SequenceShape implements Shape {

    private final Shape element;
    private final Class<?> type;

    /** @param type {@code List}, {@code Set}, or an array type */
    SequenceShape(Shape element, Class<?> type) {
        this.element = element;
        this.type = type;
    }

    @Override
    public ObjectNode schema(SchemaWriter schemas, @Nullable String description) {
        ObjectNode schema = schemas.node("array", description);
        schema.set("items", element.schema(schemas, null));
        return schema;
    }

    @Override
    public @Nullable Object read(JsonNode node, Reading reading) {
        if (!node.isArray()) {
            return reading.wrongKind(node, "array");
        }
        int before = reading.count();
        List<@Nullable Object> values = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            values.add(element.read(node.get(i), reading.at(i)));
        }
        return reading.count() == before ? collected(values) : null;
    }

    private Object collected(List<@Nullable Object> values) {
        if (type.isArray()) {
            Object array = Array.newInstance(type.getComponentType(), values.size());
            for (int i = 0; i < values.size(); i++) {
                Array.set(array, i, values.get(i));
            }
            return array;
        }
        // Not List.copyOf: elements may be null where the type says so.
        return type == List.class
                ? Collections.unmodifiableList(values)
                : Collections.unmodifiableSet(new LinkedHashSet<>(values));
    }

    @Override
    public void write(Object value, JsonGenerator out) throws IOException {
        out.writeStartArray();
        if (type.isArray()) {
            for (int i = 0; i < Array.getLength(value); i++) {
                element.writeOrNull(Array.get(value, i), out);
            }
        } else {
            for (Object one : (Collection<?>) value) {
                element.writeOrNull(one, out);
            }
        }
        out.writeEndArray();
    }

    @Override
    public String kind() {
        return "array";
    }

    @Override
    public List<Shape> parts() {
        return List.of(element);
    }
}
