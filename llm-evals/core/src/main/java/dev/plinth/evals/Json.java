package dev.plinth.evals;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.check.Check;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Files with one JSON object per line, read strictly: what is not known is an error and not overlooked. */
final class Json {

    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private Json() {}

    /**
     * Reads every line that is not blank.
     *
     * @param name of the file, for messages
     * @param input UTF-8; stays open
     */
    static <T> List<T> lines(String name, InputStream input, Function<? super ObjectNode, ? extends T> read) {
        List<T> values = new ArrayList<>();
        int number = 0;
        try {
            // A decoder, not a charset: broken UTF-8 is then an error and not a replacement character.
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8.newDecoder()));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                String json = number == 1 && line.startsWith(BYTE_ORDER_MARK) ? line.substring(1) : line;
                if (!json.isBlank()) {
                    values.add(read.apply(object(json)));
                }
            }
            return values;
        } catch (JacksonException broken) {
            throw new IllegalArgumentException(
                    name + ":" + number + ": not JSON (expected: one object; " + broken.getOriginalMessage() + ")",
                    broken);
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException(name + ":" + number + ": " + refused.getMessage(), refused);
        } catch (IOException failed) {
            throw new UncheckedIOException(name + ":" + (number + 1) + ": unreadable (expected: UTF-8)", failed);
        }
    }

    private static ObjectNode object(String json) throws JacksonException {
        JsonNode node = MAPPER.readTree(json);
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException("line: " + node.getNodeType() + " (expected: an object)");
    }

    /** Refuses fields that are not known. */
    static void checkFields(JsonNode object, Set<String> known) {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            Check.that(known.contains(name), "field", name, "one of " + known);
        }
    }

    /** The text of a field that has to be there. */
    static String text(JsonNode object, String field) {
        return Check.notNull(optionalText(object, field), field);
    }

    /** The text of a field, or null when it is missing. */
    static @Nullable String optionalText(JsonNode object, String field) {
        JsonNode value = object.get(field);
        return value == null ? null : string(value, field);
    }

    /** The texts of an array; none when the field is missing. */
    static List<String> texts(JsonNode object, String field) {
        JsonNode array = object.path(field);
        Check.that(array.isMissingNode() || array.isArray(), field, array.getNodeType(), "an array of strings");
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(string(element, field + "[" + texts.size() + "]")));
        return texts;
    }

    private static String string(JsonNode value, String name) {
        Check.that(value.isTextual(), name, value.getNodeType(), "a string");
        return value.textValue();
    }
}
