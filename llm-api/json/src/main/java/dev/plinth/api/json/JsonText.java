package dev.plinth.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** JSON text to trees and back: numbers exact, each property once, nothing but JSON. */
final class JsonText {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .nodeFactory(new JsonNodeFactory(true))
            .build();

    /** The beginning of an object, as opposed to a brace in prose. */
    private static final Pattern OBJECT = Pattern.compile("\\{(?=\\s*[\"}])");

    /** Jackson lets this one case through as it comes from the JDK: an exponent of more than 32 bits. */
    private static final String NUMBER = "broken JSON: a number out of all bounds (expected: valid JSON)";

    private JsonText() {}

    /** The tree of a text that is JSON and nothing else; null after the reading was told what is wrong. */
    static @Nullable JsonNode parse(String text, Reading reading) {
        try (JsonParser parser = MAPPER.createParser(text)) {
            JsonNode node = MAPPER.readTree(parser);
            if (node == null) {
                reading.violation("no text (expected: JSON)");
            } else if (parser.nextToken() != null) {
                reading.violation("text after the JSON (expected: one JSON value and nothing else)");
                return null;
            }
            return node;
        } catch (JsonProcessingException broken) {
            reading.violation(problem(broken));
            return null;
        } catch (NumberFormatException unreadable) {
            reading.violation(NUMBER);
            return null;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /**
     * The tree of the one JSON object in a model's answer, whatever stands around it: a code fence, prose, what is left
     * of thinking. Two objects are one too many, since nobody can tell which is meant. Null after the reading was told
     * what is wrong.
     */
    static @Nullable JsonNode find(String answer, Reading reading) {
        String text = Thinking.removed(answer);
        Matcher beginning = OBJECT.matcher(text);
        if (!beginning.find()) {
            reading.violation("no JSON object (expected: one)");
            return null;
        }
        if (text.substring(0, beginning.start()).stripTrailing().endsWith("[")) {
            reading.violation("array (expected: object)");
            return null;
        }
        String fromObject = text.substring(beginning.start());
        try (JsonParser parser = MAPPER.createParser(fromObject)) {
            JsonNode node = MAPPER.readTree(parser);
            int end = (int) parser.currentLocation().getCharOffset();
            if (OBJECT.matcher(fromObject).region(end, fromObject.length()).find()) {
                reading.violation("more than one JSON object (expected: one)");
                return null;
            }
            return node;
        } catch (JsonProcessingException broken) {
            reading.violation(problem(broken));
            return null;
        } catch (NumberFormatException unreadable) {
            reading.violation(NUMBER);
            return null;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    // Jackson's own message may be long and name settings of Jackson; the first line says what is wrong.
    private static String problem(JsonProcessingException broken) {
        if (broken instanceof JsonEOFException) {
            return "JSON that ends too early (expected: all of it)";
        }
        String said =
                String.valueOf(broken.getOriginalMessage()).lines().findFirst().orElse("");
        String what = broken instanceof MismatchedInputException ? "a property twice" : said;
        var location = broken.getLocation();
        String place =
                location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
        return "broken JSON" + place + ": " + what + " (expected: valid JSON)";
    }

    /** The text of a value. */
    static String write(Shape shape, @Nullable Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = MAPPER.createGenerator(text)) {
            shape.writeOrNull(value, out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }
}
