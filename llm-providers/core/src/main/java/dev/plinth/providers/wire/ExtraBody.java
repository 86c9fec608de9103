package dev.plinth.providers.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.check.Check;
import dev.plinth.api.option.OptionKey;
import dev.plinth.api.option.Options;
import java.io.IOException;
import java.util.Set;

/** Fields that a request brings along as JSON, for what only one server knows. */
public final class ExtraBody {

    private ExtraBody() {}

    /**
     * Copies the fields of an option into the object that is being written.
     *
     * @param key of a JSON object as text
     * @param own fields the adapter writes itself: a second value would say something else than the request does
     * @throws IllegalArgumentException if it is not an object, or holds a field of the adapter's own
     */
    public static void write(Options options, OptionKey<String> key, Set<String> own, JsonGenerator json)
            throws IOException {
        String extra = options.get(key).orElse("");
        if (extra.isEmpty()) {
            return;
        }
        try (JsonParser fields = Json.FACTORY.createParser(extra)) {
            Check.that(fields.nextToken() == JsonToken.START_OBJECT, key.name(), "no object", "an object");
            while (fields.nextToken() == JsonToken.FIELD_NAME) {
                String name = fields.currentName();
                Check.that(!own.contains(name), key.name(), name, "not a field the request sets itself");
                json.writeFieldName(name);
                fields.nextToken();
                Json.copy(fields, json);
            }
            Check.that(fields.currentToken() == JsonToken.END_OBJECT, key.name(), "cut short", "an object");
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(key.name() + ": broken JSON (expected: an object)");
        }
    }
}
