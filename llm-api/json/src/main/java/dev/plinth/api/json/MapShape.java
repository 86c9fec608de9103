package dev.plinth.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An object whose property names are data. Strict modes of vendors have no such thing. */
final class MapShape implements Shape {

    private final Shape value;

    MapShape(Shape value) {
        this.value = value;
    }

    @Override
    public ObjectNode schema(SchemaWriter schemas, @Nullable String description) {
        ObjectNode schema = schemas.node("object", description);
        schema.set("additionalProperties", value.schema(schemas, null));
        return schema;
    }

    @Override
    public @Nullable Object read(JsonNode node, Reading reading) {
        if (!node.isObject()) {
            return reading.wrongKind(node, "object");
        }
        int before = reading.count();
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        node.fieldNames().forEachRemaining(name -> values.put(name, value.read(node.get(name), reading.at(name))));
        return reading.count() == before ? Collections.unmodifiableMap(values) : null;
    }

    @Override
    public void write(Object map, JsonGenerator out) throws IOException {
        out.writeStartObject();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) map).entrySet()) {
            out.writeFieldName((String) entry.getKey());
            value.writeOrNull(entry.getValue(), out);
        }
        out.writeEndObject();
    }

    @Override
    public String kind() {
        return "object";
    }

    @Override
    public List<Shape> parts() {
        return List.of(value);
    }
}
