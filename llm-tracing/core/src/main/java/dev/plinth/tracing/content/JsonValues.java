package dev.plinth.tracing.content;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** JSON text as a structure: arguments of tools are objects in the conventions, and texts on the wire. */
final class JsonValues {

    private static final JsonFactory JSON = new JsonFactory();

    private final UnaryOperator<String> texts;

    /** @param texts what becomes of every text, name and number */
    JsonValues(UnaryOperator<String> texts) {
        this.texts = texts;
    }

    /** The structure of an object or an array; the text itself when it is neither, or broken. */
    Value<?> of(String text) {
        String start = text.stripLeading();
        if (!start.startsWith("{") && !start.startsWith("[")) {
            return Value.of(texts.apply(text));
        }
        Value<?> structure = null;
        try (JsonParser parser = JSON.createParser(text)) {
            Value<?> read = read(parser, parser.nextToken());
            structure = parser.nextToken() == null ? read : null;
        } catch (IOException | NotJson broken) {
            // a text like any other
        }
        return structure == null ? Value.of(texts.apply(text)) : structure;
    }

    private Value<?> read(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> Value.of(texts.apply(parser.getText()));
            case VALUE_TRUE -> Value.of(true);
            case VALUE_FALSE -> Value.of(false);
            case VALUE_NULL -> Value.empty();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser);
            default -> throw new NotJson();
        };
    }

    /** A number may be a card's: what a redactor changes is a text from then on, as is what does not fit. */
    private Value<?> number(JsonParser parser) throws IOException {
        String digits = parser.getText();
        String kept = texts.apply(digits);
        if (!kept.equals(digits)) {
            return Value.of(kept);
        }
        return switch (parser.getNumberType()) {
            case INT, LONG -> Value.of(parser.getLongValue());
            case BIG_INTEGER, BIG_DECIMAL -> Value.of(digits);
            case FLOAT, DOUBLE -> Value.of(parser.getDoubleValue());
        };
    }

    private Value<?> object(JsonParser parser) throws IOException {
        Map<String, Value<?>> fields = new LinkedHashMap<>(); // of a name that comes twice, the last one
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = texts.apply(parser.currentName());
            fields.put(name, read(parser, parser.nextToken()));
        }
        return Value.of(fields.entrySet().stream()
                .map(field -> KeyValue.of(field.getKey(), field.getValue()))
                .toArray(KeyValue[]::new));
    }

    private Value<?> array(JsonParser parser) throws IOException {
        List<Value<?>> elements = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token == null) {
                throw new NotJson();
            }
            elements.add(read(parser, token));
        }
        return Value.of(elements);
    }

    /** Not the failure of a redactor, which must not be taken for broken JSON. */
    private static final class NotJson extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotJson() {
            super(null, null, false, false);
        }
    }
}
