package dev.plinth.tracing.sdk;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Attributes as plain JSON. */
final class Json {

    private Json() {}

    /** One that writes trees of any depth. */
    static JsonFactory factory() {
        return JsonFactory.builder()
                .streamWriteConstraints(StreamWriteConstraints.builder()
                        .maxNestingDepth(Integer.MAX_VALUE)
                        .build())
                .build();
    }

    /** Sorted by name: the SDK has them in any order. */
    static void attributes(JsonGenerator out, Attributes attributes) throws IOException {
        Map<String, Object> sorted = new TreeMap<>();
        attributes.forEach((key, value) -> sorted.put(key.getKey(), value));
        for (Map.Entry<String, Object> attribute : sorted.entrySet()) {
            out.writeFieldName(attribute.getKey());
            value(out, attribute.getValue());
        }
    }

    private static void value(JsonGenerator out, Object value) throws IOException {
        if (value instanceof String text) {
            out.writeString(text);
        } else if (value instanceof Boolean truth) {
            out.writeBoolean(truth);
        } else if (value instanceof Long number) {
            out.writeNumber(number);
        } else if (value instanceof Double number) {
            out.writeNumber(number);
        } else if (value instanceof List<?> list) {
            list(out, list);
        } else if (value instanceof Value<?> structured) {
            structured(out, structured);
        }
    }

    private static void list(JsonGenerator out, List<?> values) throws IOException {
        out.writeStartArray();
        for (Object value : values) {
            value(out, Objects.requireNonNull(value)); // attributes hold none
        }
        out.writeEndArray();
    }

    private static void structured(JsonGenerator out, Value<?> value) throws IOException {
        switch (value.getType()) {
            case KEY_VALUE_LIST -> {
                out.writeStartObject();
                for (KeyValue pair : pairs(value)) {
                    out.writeFieldName(pair.getKey());
                    structured(out, pair.getValue());
                }
                out.writeEndObject();
            }
            case BYTES -> out.writeBinary(bytes((ByteBuffer) value.getValue()));
            case EMPTY -> out.writeNull();
            default -> value(out, value.getValue());
        }
    }

    @SuppressWarnings("unchecked") // its type says so
    static List<KeyValue> pairs(Value<?> value) {
        return (List<KeyValue>) value.getValue();
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
