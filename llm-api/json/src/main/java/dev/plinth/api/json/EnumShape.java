package dev.plinth.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The name of an enum constant. Read as written, else without regard to case where that leaves one constant; no locale
 * has a part in it.
 */
final class EnumShape implements Shape {

    private final List<Enum<?>> constants;
    private final @Nullable String description;

    EnumShape(Class<?> type) {
        this.constants = Arrays.stream(type.getEnumConstants())
                .<Enum<?>>map(constant -> (Enum<?>) constant)
                .toList();
        this.description = SchemaWriter.joined(SchemaWriter.description(type), constantsDescription(type));
    }

    private @Nullable String constantsDescription(Class<?> type) {
        String told = Arrays.stream(type.getFields())
                .filter(field -> field.isEnumConstant() && field.isAnnotationPresent(Description.class))
                .map(field -> field.getName() + ": " + SchemaWriter.description(field))
                .collect(Collectors.joining("; "));
        return told.isEmpty() ? null : told;
    }

    @Override
    public ObjectNode schema(SchemaWriter schemas, @Nullable String placeDescription) {
        ObjectNode schema = schemas.node("string", SchemaWriter.joined(placeDescription, description));
        ArrayNode names = schema.putArray("enum");
        constants.forEach(constant -> names.add(constant.name()));
        return schema;
    }

    @Override
    public @Nullable Object read(JsonNode node, Reading reading) {
        if (!node.isTextual()) {
            return reading.wrongKind(node, kind());
        }
        String name = node.textValue();
        Enum<?> similar = null;
        int found = 0;
        for (Enum<?> constant : constants) {
            if (constant.name().equals(name)) {
                return constant;
            }
            if (constant.name().equalsIgnoreCase(name)) {
                similar = constant;
                found++;
            }
        }
        return found == 1 ? similar : reading.violation("another string (expected: " + kind() + ")");
    }

    @Override
    public void write(Object value, JsonGenerator out) throws IOException {
        out.writeString(((Enum<?>) value).name());
    }

    @Override
    public String kind() {
        return constants.stream().map(Enum::name).collect(Collectors.joining(", ", "one of ", ""));
    }
}
