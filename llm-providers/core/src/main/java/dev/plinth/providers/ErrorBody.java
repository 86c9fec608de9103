package dev.plinth.providers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a provider says went wrong, out of all the shapes that providers and proxies use: an object or a text under
 * {@code error}, {@code message} or {@code detail}, a page of HTML, or nothing.
 *
 * @param message the provider's words, at most 300 characters; empty when there are none
 * @param code the provider's code, a number as its digits; null: none
 * @param type the provider's type or status; null: none
 */
public record ErrorBody(
        String message, @Nullable String code, @Nullable String type) {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int MAX_MESSAGE = 300;

    /** Reads a body. */
    public static ErrorBody parse(String body) {
        String text = body.strip();
        if (text.startsWith("{")) {
            try (JsonParser json = JSON.createParser(text)) {
                json.nextToken();
                return read(json);
            } catch (IOException notJson) {
                return new ErrorBody("an answer that is cut or no JSON", null, null);
            }
        }
        return new ErrorBody(text.startsWith("<") ? "a page of HTML" : shorten(text), null, null);
    }

    /** Reads the object the parser stands at the start of, to its end. */
    public static ErrorBody read(JsonParser json) throws IOException {
        Reading reading = new Reading();
        reading.object(json);
        return new ErrorBody(shorten(reading.message), reading.code, reading.type);
    }

    /** The code, or else the type. */
    public Optional<String> codeOrType() {
        return Optional.ofNullable(code == null ? type : code);
    }

    /** Whether the code or the type is this. */
    boolean is(String name) {
        return name.equals(code) || name.equals(type);
    }

    private static String shorten(String message) {
        String line = message.replaceAll("\\s+", " ").strip();
        return line.codePointCount(0, line.length()) <= MAX_MESSAGE
                ? line
                : line.substring(0, line.offsetByCodePoints(0, MAX_MESSAGE)) + "...";
    }

    private static final class Reading {
        private String message = "";
        private @Nullable String code;
        private @Nullable String type;

        void object(JsonParser json) throws IOException {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                switch (name) {
                    case "error", "message", "detail", "innererror", "msg" -> value(name, json, value);
                    case "code" -> code = code == null || value.isScalarValue() ? scalar(json, value, code) : code;
                    case "type", "status" -> type = type == null ? scalar(json, value, null) : skipped(json, type);
                    default -> json.skipChildren();
                }
            }
        }

        private void value(String name, JsonParser json, JsonToken value) throws IOException {
            if (value == JsonToken.START_OBJECT) {
                object(json);
            } else if (value == JsonToken.START_ARRAY) {
                while (json.nextToken() != JsonToken.END_ARRAY && json.currentToken() != null) {
                    value(name, json, json.currentToken());
                }
            } else if (value == JsonToken.VALUE_STRING && message.isEmpty()) {
                message = json.getText();
            }
        }

        private static @Nullable String scalar(JsonParser json, JsonToken value, @Nullable String otherwise)
                throws IOException {
            if (value == JsonToken.VALUE_NULL) {
                return otherwise;
            }
            return value.isScalarValue() ? json.getText() : skipped(json, otherwise);
        }

        private static @Nullable String skipped(JsonParser json, @Nullable String kept) throws IOException {
            json.skipChildren();
            return kept;
        }
    }
}
