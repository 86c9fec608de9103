package dev.plinth.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one Java type looks in JSON. Schema, reading and writing come from the same shape, so they agree.
 *
 * <p>Immutable once {@link Shapes} has made it, and thread-safe.
 */
sealed interface Shape permits ScalarShape, EnumShape, SequenceShape, MapShape, ObjectShape, UnionShape, NullableShape {

    /**
     * The schema of a value at one place.
     *
     * @param description what the place says about itself; null: nothing
     */
    ObjectNode schema(SchemaWriter schemas, @Nullable String description);

    /** The value, or null after the reading was told what is wrong. Null is a value of {@link NullableShape} only. */
    @Nullable
    Object read(JsonNode node, Reading reading);

    /** Writes a value that this shape could have read. */
    void write(Object value, JsonGenerator out) throws IOException;

    /** The kind of JSON value, for messages. */
    String kind();

    /** The shapes within this one. */
    default List<Shape> parts() {
        return List.of();
    }

    /** Writes a value, or null where there is none. */
    default void writeOrNull(@Nullable Object value, JsonGenerator out) throws IOException {
        if (value == null) {
            out.writeNull();
        } else {
            write(value, out);
        }
    }
}
