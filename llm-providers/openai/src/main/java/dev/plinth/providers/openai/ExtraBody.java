package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.check.Check;
import dev.plinth.api.option.Options;
import java.io.IOException;
import java.util.Set;

/** Fields that a request brings along as JSON. */
final class ExtraBody {

    /** A second value of these would say something else than the request does. */
    private static final Set<String> OURS = Set.of(
            "model",
            "messages",
            "input",
            "stream",
            "tools",
            "tool_choice",
            "response_format",
            "temperature",
            "top_p",
            "max_tokens",
            "max_completion_tokens",
            "stop",
            "seed",
            "dimensions",
            "encoding_format");

    private ExtraBody() {}

    /**
     * Copies the fields into the object that is being written.
     *
     * @throws IllegalArgumentException if they are not an object, or hold a field that the request has words for
     */
    static void write(Options options, JsonGenerator json) throws IOException {
        String extra = options.get(OpenAi.EXTRA_BODY).orElse("");
        if (extra.isEmpty()) {
            return;
        }
        try (JsonParser fields = Connection.JSON.createParser(extra)) {
            Check.that(
                    fields.nextToken() == JsonToken.START_OBJECT, OpenAi.EXTRA_BODY.name(), "no object", "an object");
            while (fields.nextToken() == JsonToken.FIELD_NAME) {
                String name = fields.currentName();
                Check.that(!OURS.contains(name), OpenAi.EXTRA_BODY.name(), name, "not a field the request sets itself");
                json.writeFieldName(name);
                fields.nextToken();
                json.copyCurrentStructure(fields);
            }
            Check.that(
                    fields.currentToken() == JsonToken.END_OBJECT, OpenAi.EXTRA_BODY.name(), "cut short", "an object");
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(OpenAi.EXTRA_BODY.name() + ": broken JSON (expected: an object)");
        }
    }
}
