package dev.plinth.providers.llamacpp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON into {@link Map}, {@link List}, {@link String}, {@code BigDecimal}, {@link Boolean} and {@link #NULL}. */
final class JsonReader {

    /** JSON's null. */
    static final Object NULL = new Object() {
        @Override
        public String toString() {
            return "null";
        }
    };

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final int MAX_DEPTH = 64;

    private JsonReader() {}

    /** @throws IllegalArgumentException if it is no JSON */
    static Object read(String text) {
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            Object value = value(json, 0);
            if (json.nextToken() != null) {
                throw new IllegalArgumentException("json: more than one value (expected: one)");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "json: broken at character " + e.getLocation().getCharOffset() + " (expected: JSON)");
        } catch (IOException e) {
            throw new IllegalArgumentException("json: not read (expected: JSON)", e);
        }
    }

    private static Object value(JsonParser json, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("json: too deep (expected: at most " + MAX_DEPTH + " levels)");
        }
        JsonToken token = json.currentToken();
        if (token == null) {
            throw new IllegalArgumentException("json: empty (expected: JSON)");
        }
        return switch (token) {
            case START_OBJECT -> object(json, depth);
            case START_ARRAY -> array(json, depth);
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> NULL;
        };
    }

    private static Map<String, Object> object(JsonParser json, int depth) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            object.put(name, value(json, depth + 1));
        }
        return object;
    }

    private static List<Object> array(JsonParser json, int depth) throws IOException {
        List<Object> array = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(json, depth + 1));
        }
        return array;
    }
}
