package dev.plinth.providers.gemini;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.check.Check;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** JSON as text, in a request. */
final class JsonText {

    private JsonText() {}

    /** Whether it is one object and nothing else. */
    static boolean isObject(String text) {
        try (JsonParser json = Json.FACTORY.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            json.skipChildren();
            return json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null;
        } catch (IOException broken) {
            return false;
        }
    }

    /**
     * The elements of an array; none of a blank text.
     *
     * @param name of the array, for the error
     * @throws IllegalArgumentException if it is no array of objects
     */
    static List<String> elements(String text, String name) {
        List<String> elements = new ArrayList<>();
        if (text.isBlank()) {
            return elements;
        }
        try (JsonParser json = Json.FACTORY.createParser(text)) {
            Check.that(json.nextToken() == JsonToken.START_ARRAY, name, "no array", "an array of objects");
            while (json.nextToken() == JsonToken.START_OBJECT) {
                elements.add(Json.copy(json));
            }
            Check.that(json.currentToken() == JsonToken.END_ARRAY, name, "not only objects", "an array of objects");
        } catch (IOException broken) {
            throw new IllegalArgumentException(name + ": broken JSON (expected: an array of objects)");
        }
        return elements;
    }
}
