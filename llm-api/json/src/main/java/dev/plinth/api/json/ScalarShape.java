package dev.plinth.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A type of the JDK that is one JSON string, number or boolean. {@link Scalars} lists them. */
final class ScalarShape implements Shape {

    private final String kind;
    private final @Nullable String format;
    private final @Nullable String hint;
    private final Reader reader;
    private final Writer writer;

    /**
     * @param kind the type in JSON Schema
     * @param format the format in JSON Schema; null: none
     * @param hint appended to the description; null: none
     */
    ScalarShape(String kind, @Nullable String format, @Nullable String hint, Reader reader, Writer writer) {
        this.kind = kind;
        this.format = format;
        this.hint = hint;
        this.reader = reader;
        this.writer = writer;
    }

    /** Turns a JSON value into a Java value, or tells the reading what is wrong and returns null. */
    interface Reader {
        @Nullable
        Object read(JsonNode node, Reading reading);
    }

    /** Writes a Java value. */
    interface Writer {
        void write(Object value, JsonGenerator out) throws IOException;
    }

    @Override
    public ObjectNode schema(SchemaWriter schemas, @Nullable String description) {
        ObjectNode schema = schemas.node(kind, SchemaWriter.joined(description, hint));
        if (format != null) {
            schema.put("format", format);
        }
        return schema;
    }

    @Override
    public @Nullable Object read(JsonNode node, Reading reading) {
        return reader.read(node, reading);
    }

    @Override
    public void write(Object value, JsonGenerator out) throws IOException {
        if ((value instanceof Double number && !Double.isFinite(number))
                || (value instanceof Float single && !Float.isFinite(single))) {
            throw new IllegalArgumentException("number: " + value + " (expected: a finite number, all that JSON has)");
        }
        writer.write(value, out);
    }

    @Override
    public String kind() {
        return kind;
    }
}
