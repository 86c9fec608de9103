package dev.plinth.tracing.cost;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.plinth.api.error.InvalidFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON document as maps, lists, texts, truths and numerals. */
final class JsonFile {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** A number with the digits it was written with. */
    record Numeral(String text) {}

    /** What null is read as: a value that fits nothing. */
    private record Null() {
        @Override
        public String toString() {
            return "null";
        }
    }

    private JsonFile() {}

    /** @throws InvalidFileException if the text is not one JSON document, or an object has a key twice */
    static Object parse(String text, String file) {
        try (JsonParser json = FACTORY.createParser(text)) {
            json.nextToken();
            Object read = value(json);
            if (json.nextToken() != null) {
                throw new JsonParseException(json, "more behind its end");
            }
            return read;
        } catch (JsonProcessingException broken) {
            String line = broken.getLocation() == null
                    ? ""
                    : ":" + broken.getLocation().getLineNr();
            throw new InvalidFileException(
                    List.of(file + line + ": JSON: " + broken.getOriginalMessage()
                            + " (expected: one JSON document, each key once)"),
                    broken);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Object value(JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        if (token == null) {
            throw new JsonParseException(json, "nothing");
        }
        return switch (token) {
            case START_OBJECT -> object(json);
            case START_ARRAY -> list(json);
            case VALUE_STRING -> json.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Numeral(json.getText());
            default -> new Null();
        };
    }

    private static Map<String, Object> object(JsonParser json) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            json.nextToken();
            object.put(key, value(json));
        }
        return object;
    }

    private static List<Object> list(JsonParser json) throws IOException {
        List<Object> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            list.add(value(json));
        }
        return list;
    }
}
