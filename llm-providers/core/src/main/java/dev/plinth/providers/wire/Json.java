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
    static final int MAX_TEXT = 64 * 1024 * 1024;

    /** The fast parser spares a String for every number of an embedding. */
    public static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxStringLength(MAX_TEXT).build())
            .build();

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

    /** The whole number, or this one when the value is none. */
    public static long number(JsonParser json, long otherwise) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return json.getLongValue();
        }
        json.skipChildren();
        return otherwise;
    }

    /** The value as it stands, its numbers to the last digit, without white space around its parts. */
    public static String copy(JsonParser json) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator copy = FACTORY.createGenerator(text)) {
            copy.copyCurrentStructureExact(json);
        }
        return text.toString();
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
