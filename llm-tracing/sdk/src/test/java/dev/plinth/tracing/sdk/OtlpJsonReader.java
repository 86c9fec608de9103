package dev.plinth.tracing.sdk;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/**
 * Reads OTLP in JSON by the published descriptors of the messages, and refuses what its encoding does not allow: unknown
 * fields, enums by name, 64-bit integers as numbers, ids that are not hexadecimal.
 */
final class OtlpJsonReader {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private OtlpJsonReader() {}

    static <M extends Message> M read(byte[] json, M empty) throws IOException {
        @SuppressWarnings("unchecked") // a builder builds its own message
        M message = (M) message(JSON.readTree(json), empty.newBuilderForType());
        return message;
    }

    private static Message message(JsonNode json, Message.Builder builder) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("not an object: " + json);
        }
        for (Map.Entry<String, JsonNode> each : json.properties()) {
            FieldDescriptor field = builder.getDescriptorForType().getFields().stream()
                    .filter(known -> known.getJsonName().equals(each.getKey()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("unknown field: " + each.getKey()));
            if (field.isRepeated()) {
                each.getValue().forEach(item -> builder.addRepeatedField(field, value(field, item, builder)));
            } else {
                builder.setField(field, value(field, each.getValue(), builder));
            }
        }
        return builder.build();
    }

    private static Object value(FieldDescriptor field, JsonNode json, Message.Builder parent) {
        return switch (field.getType()) {
            case MESSAGE -> message(json, parent.newBuilderForField(field));
            case STRING -> require(json.isTextual(), json).textValue();
            case BOOL -> require(json.isBoolean(), json).booleanValue();
            case DOUBLE -> json.isNumber() ? json.doubleValue() : special(json.textValue());
            case INT32, SINT32, SFIXED32 -> require(json.isInt(), json).intValue();
            case UINT32, FIXED32 -> (int) require(json.canConvertToLong(), json).longValue();
            case INT64, SINT64, SFIXED64 ->
                Long.parseLong(require(json.isTextual(), json).textValue());
            case UINT64, FIXED64 ->
                Long.parseUnsignedLong(require(json.isTextual(), json).textValue());
            case ENUM ->
                field.getEnumType()
                        .findValueByNumber(require(json.isInt(), json).intValue());
            case BYTES -> bytes(field, json.textValue());
            default -> throw new IllegalArgumentException("type: " + field.getType());
        };
    }

    private static ByteString bytes(FieldDescriptor field, String text) {
        boolean id = field.getName().endsWith("trace_id") || field.getName().endsWith("span_id");
        return ByteString.copyFrom(
                id ? HexFormat.of().parseHex(text) : Base64.getDecoder().decode(text));
    }

    private static double special(String text) {
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw new IllegalArgumentException("double: " + text);
        };
    }

    private static JsonNode require(boolean fits, JsonNode json) {
        if (!fits) {
            throw new IllegalArgumentException("of the wrong type: " + json);
        }
        return json;
    }
}
