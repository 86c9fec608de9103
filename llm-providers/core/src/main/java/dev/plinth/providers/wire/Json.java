package dev.plinth.providers.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/** Reading of JSON by its tokens. Every method takes the parser at a value and leaves it at the value's end. */
public final class Json {

    /** The most that one text or event may have: a picture may be one, and needs more than Jackson's own limit. */
    public static final int MAX_TEXT = 64 * 1024 * 1024;

    /** The fast parser spares a String for every number of an embedding. */
    public static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxStringLength(MAX_TEXT).build())
            .build();

    /** Up to here every whole number is one as a double. */
    private static final double MOST_EXACT = 1L << 53;

    private Json() {}

    /** The text, or what was known before when the value is none. */
    public static @Nullable String text(JsonParser json, @Nullable String otherwise) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return json.getText();
        }
        json.skipChildren();
        return otherwise;
    }

    /** The text, unless one was known before: frames repeat it, and only the first becomes a String. */
    public static @Nullable String firstText(JsonParser json, @Nullable String known) throws IOException {
        if (known == null && json.currentToken() == JsonToken.VALUE_STRING && json.getTextLength() > 0) {
            return json.getText();
        }
        json.skipChildren();
        return known;
    }

    /** The text, or what was known before when the value is none; the same String when it says the same: frames repeat. */
    public static @Nullable String sameText(JsonParser json, @Nullable String known) throws IOException {
        boolean says = known != null && json.currentToken() == JsonToken.VALUE_STRING && says(json, known);
        return says ? known : text(json, known);
    }

    private static boolean says(JsonParser json, String known) throws IOException {
        if (json.getTextLength() != known.length()) {
            return false;
        }
        char[] text = json.getTextCharacters();
        int offset = json.getTextOffset();
        for (int i = 0; i < known.length(); i++) {
            if (text[offset + i] != known.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The whole number, or this one when the value is none, or too large. Some servers write {@code 5.0}. */
    public static long number(JsonParser json, long otherwise) throws IOException {
        boolean whole = json.currentToken() == JsonToken.VALUE_NUMBER_INT;
        if (whole && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            return json.getLongValue();
        }
        double decimal = decimal(json, Double.NaN);
        return decimal == Math.rint(decimal) && Math.abs(decimal) < MOST_EXACT ? (long) decimal : otherwise;
    }

    /** The number, or this one when the value is none. */
    public static double decimal(JsonParser json, double otherwise) throws IOException {
        if (json.currentToken() != null && json.currentToken().isNumeric()) {
            return json.getDoubleValue();
        }
        json.skipChildren();
        return otherwise;
    }

    /** The value as it stands, numbers digit by digit, without white space around its parts. */
    public static String copy(JsonParser json) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator copy = FACTORY.createGenerator(text)) {
            copy(json, copy);
        }
        return text.toString();
    }

    /** Writes the value as it stands. */
    public static void copy(JsonParser json, JsonGenerator copy) throws IOException {
        int depth = 0;
        do {
            JsonToken token = json.currentToken();
            if (token == null) {
                throw new JsonParseException(json, "cut short");
            }
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            copyToken(json, copy);
            if (depth > 0) {
                json.nextToken();
            }
        } while (depth > 0);
    }

    /** Writes one token as it stands; a number digit by digit, lest it becomes the nearest one that a machine has. */
    public static void copyToken(JsonParser json, JsonGenerator copy) throws IOException {
        if (json.currentToken().isNumeric()) {
            copy.writeNumber(json.getText());
        } else {
            copy.copyCurrentEvent(json);
        }
    }

    /**
     * Writes the arguments of a tool call for a protocol that takes objects only. What is none, since models write broken
     * JSON, becomes an object with that text under {@code INVALID_JSON}, so that the model sees what it wrote.
     */
    public static void writeArguments(String arguments, JsonGenerator json) throws IOException {
        if (isOneObject(arguments)) {
            json.writeRawValue(arguments);
        } else {
            json.writeStartObject();
            json.writeStringField("INVALID_JSON", arguments);
            json.writeEndObject();
        }
    }

    /** Whether a text is one JSON object and nothing else. */
    public static boolean isOneObject(String text) {
        try (JsonParser json = FACTORY.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            json.skipChildren();
            return json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null;
        } catch (IOException broken) {
            return false;
        }
    }

    /** Whether an object begins; anything else is passed over. */
    public static boolean isObject(JsonParser json) throws IOException {
        return begins(JsonToken.START_OBJECT, json);
    }

    /** Whether an array begins; anything else is passed over. */
    public static boolean isArray(JsonParser json) throws IOException {
        return begins(JsonToken.START_ARRAY, json);
    }

    private static boolean begins(JsonToken start, JsonParser json) throws IOException {
        if (json.currentToken() == start) {
            return true;
        }
        json.skipChildren();
        return false;
    }

    /**
     * Moves to the value of the next field of the object the parser is in.
     *
     * @return its name; null at the object's end
     */
    public static @Nullable String nextField(JsonParser json) throws IOException {
        JsonToken token = json.nextToken();
        if (token == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            return name;
        }
        if (token != JsonToken.END_OBJECT) {
            throw new JsonParseException(json, "cut short");
        }
        return null;
    }

    /**
     * Moves to the next element of the array the parser is in.
     *
     * @return false at the array's end
     */
    public static boolean nextElement(JsonParser json) throws IOException {
        JsonToken token = json.nextToken();
        if (token == null) {
            throw new JsonParseException(json, "cut short");
        }
        return token != JsonToken.END_ARRAY;
    }

    /** The failure without what Jackson's messages quote, which may be what the model said. */
    public static @Nullable Throwable withoutContent(@Nullable IOException cause) {
        if (!(cause instanceof JsonProcessingException broken)) {
            return cause;
        }
        JsonLocation place = broken.getLocation();
        return new IOException("JSON broken at byte " + (place == null ? "?" : place.getByteOffset()));
    }
}
