package dev.plinth.tracing.sdk;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the messages of OTLP have in common, in their JSON encoding: ids in hexadecimal, enums as numbers, 64-bit integers as
 * strings, and what has its default value left out.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding">JSON Protobuf Encoding</a>
 */
final class OtlpJson {

    private static final JsonFactory JSON = Json.factory();

    final JsonGenerator out;

    private OtlpJson(JsonGenerator out) {
        this.out = out;
    }

    /** Writes one item of a scope. */
    interface Item<T> {
        void write(OtlpJson json, T item) throws IOException;
    }

    /**
     * A kind of telemetry. The names are those of the three levels of a request: {@code resourceSpans},
     * {@code scopeSpans}, {@code spans}.
     */
    record Signal<T>(
            String resources,
            String scopes,
            String items,
            Function<T, Resource> resource,
            Function<T, InstrumentationScopeInfo> scope,
            Item<T> item) {}

    /** Writes one request with all of these on one line, without its end. */
    static <T> void request(Signal<T> signal, Collection<T> items, OutputStream to) throws IOException {
        Map<Resource, Map<InstrumentationScopeInfo, List<T>>> groups = new LinkedHashMap<>();
        for (T each : items) {
            groups.computeIfAbsent(signal.resource.apply(each), first -> new LinkedHashMap<>())
                    .computeIfAbsent(signal.scope.apply(each), first -> new ArrayList<>())
                    .add(each);
        }
        // This writer makes a question mark of half a surrogate pair, which is no text in UTF-8.
        try (JsonGenerator out = JSON.createGenerator(new OutputStreamWriter(to, StandardCharsets.UTF_8))) {
            new OtlpJson(out).resources(signal, groups);
        }
    }

    private <T> void resources(Signal<T> signal, Map<Resource, Map<InstrumentationScopeInfo, List<T>>> groups)
            throws IOException {
        out.writeStartObject();
        out.writeArrayFieldStart(signal.resources);
        for (Map.Entry<Resource, Map<InstrumentationScopeInfo, List<T>>> group : groups.entrySet()) {
            out.writeStartObject();
            out.writeObjectFieldStart("resource");
            attributes(group.getKey().getAttributes());
            out.writeEndObject();
            out.writeArrayFieldStart(signal.scopes);
            for (Map.Entry<InstrumentationScopeInfo, List<T>> scope :
                    group.getValue().entrySet()) {
                scope(signal, scope.getKey(), scope.getValue());
            }
            out.writeEndArray();
            text("schemaUrl", group.getKey().getSchemaUrl());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private <T> void scope(Signal<T> signal, InstrumentationScopeInfo scope, List<T> items) throws IOException {
        out.writeStartObject();
        out.writeObjectFieldStart("scope");
        text("name", scope.getName());
        text("version", scope.getVersion());
        attributes(scope.getAttributes());
        out.writeEndObject();
        out.writeArrayFieldStart(signal.items);
        for (T each : items) {
            out.writeStartObject();
            signal.item.write(this, each);
            out.writeEndObject();
        }
        out.writeEndArray();
        text("schemaUrl", scope.getSchemaUrl());
        out.writeEndObject();
    }

    void text(String name, @Nullable String value) throws IOException {
        if (value != null && !value.isEmpty()) {
            out.writeStringField(name, value);
        }
    }

    void number(String name, long value) throws IOException {
        if (value != 0) {
            out.writeNumberField(name, value);
        }
    }

    /** A 64-bit integer, which JSON readers would round. */
    void number64(String name, long value) throws IOException {
        if (value != 0) {
            out.writeStringField(name, Long.toString(value));
        }
    }

    void attributes(Attributes attributes) throws IOException {
        attributes("attributes", attributes);
    }

    void attributes(String name, Attributes attributes) throws IOException {
        if (attributes.isEmpty()) {
            return;
        }
        out.writeArrayFieldStart(name);
        for (Map.Entry<AttributeKey<?>, Object> attribute : attributes.asMap().entrySet()) {
            pair(attribute.getKey().getKey(), attribute.getValue());
        }
        out.writeEndArray();
    }

    private void pair(String key, Object value) throws IOException {
        out.writeStartObject();
        out.writeStringField("key", key);
        out.writeFieldName("value");
        value(value);
        out.writeEndObject();
    }

    void value(Object value) throws IOException {
        out.writeStartObject();
        if (value instanceof String text) {
            out.writeStringField("stringValue", text);
        } else if (value instanceof Boolean truth) {
            out.writeBooleanField("boolValue", truth);
        } else if (value instanceof Long number) {
            out.writeStringField("intValue", number.toString());
        } else if (value instanceof Double number) {
            out.writeNumberField("doubleValue", number); // NaN and the infinities become strings
        } else if (value instanceof List<?> list) {
            array(list);
        } else if (value instanceof Value<?> structured) {
            structured(structured);
        }
        out.writeEndObject();
    }

    private void array(List<?> values) throws IOException {
        out.writeObjectFieldStart("arrayValue");
        out.writeArrayFieldStart("values");
        for (Object value : values) {
            value(Objects.requireNonNull(value)); // attributes hold none
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void structured(Value<?> value) throws IOException {
        switch (value.getType()) {
            case STRING -> out.writeStringField("stringValue", (String) value.getValue());
            case BOOLEAN -> out.writeBooleanField("boolValue", (Boolean) value.getValue());
            case LONG -> out.writeStringField("intValue", value.getValue().toString());
            case DOUBLE -> out.writeNumberField("doubleValue", (Double) value.getValue());
            case ARRAY -> array((List<?>) value.getValue());
            case BYTES -> {
                out.writeFieldName("bytesValue");
                out.writeBinary(Json.bytes((ByteBuffer) value.getValue()));
            }
            case KEY_VALUE_LIST -> {
                out.writeObjectFieldStart("kvlistValue");
                out.writeArrayFieldStart("values");
                for (KeyValue pair : Json.pairs(value)) {
                    pair(pair.getKey(), pair.getValue());
                }
                out.writeEndArray();
                out.writeEndObject();
            }
            case EMPTY -> {} // a value that is none of them
        }
    }
}
