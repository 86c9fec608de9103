package dev.plinth.bench.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether two bodies say the same: object keys in any order, numbers by value, tool arguments as the JSON they hold, and
 * what is a matter of choice left out: a field against its default, a text against one part of text, one text against a
 * list of one, the old name of the token limit against the new one, the encoding of embeddings.
 */
final class SameBody {

    private static final Set<String> CHOICE = Set.of("encoding_format");

    /** What leaving a field out means. */
    private static final Map<String, Set<String>> DEFAULTS = Map.of(
            "tool_choice", Set.of("\"auto\"", "{\"type\":\"auto\"}"),
            "stream", Set.of("false"),
            "generationConfig", Set.of("{}"),
            "candidateCount", Set.of("1"),
            "isError", Set.of("false"),
            "is_error", Set.of("false"));

    private final List<Difference> differences = new ArrayList<>();

    private SameBody() {}

    static List<Difference> differences(JsonNode expected, JsonNode actual) {
        SameBody same = new SameBody();
        same.compare("", "", limited(expected), limited(actual));
        return same.differences;
    }

    private static JsonNode limited(JsonNode body) {
        if (body instanceof ObjectNode object && object.has("max_tokens") && !object.has("max_completion_tokens")) {
            ObjectNode renamed = object.deepCopy();
            renamed.set("max_completion_tokens", renamed.remove("max_tokens"));
            return renamed;
        }
        return body;
    }

    private void compare(String place, String name, JsonNode expected, JsonNode actual) {
        if (CHOICE.contains(name) || isDefault(name, expected, actual) || isDefault(name, actual, expected)) {
            return;
        }
        if (expected.isObject() && actual.isObject()) {
            Set<String> names = new TreeSet<>();
            expected.fieldNames().forEachRemaining(names::add);
            actual.fieldNames().forEachRemaining(names::add);
            names.forEach(each -> compare(place + "/" + each, each, expected.path(each), actual.path(each)));
        } else if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
            for (int i = 0; i < expected.size(); i++) {
                compare(place + "/" + i, "", expected.get(i), actual.get(i));
            }
        } else if (!sameValue(name, expected, actual) && !sameText(expected, actual) && !sameText(actual, expected)) {
            differences.add(new Difference(place, expected.toString(), actual.toString()));
        }
    }

    private static boolean isDefault(String name, JsonNode one, JsonNode other) {
        boolean absent = one.isMissingNode();
        return absent
                && (other.isNull() || DEFAULTS.getOrDefault(name, Set.of()).contains(other.toString()));
    }

    private static boolean sameValue(String name, JsonNode expected, JsonNode actual) {
        if (expected.isNumber() && actual.isNumber()) {
            return expected.decimalValue().compareTo(actual.decimalValue()) == 0;
        }
        if (name.equals("arguments") && expected.isTextual() && actual.isTextual()) {
            try {
                return RecordedCase.JSON
                        .readTree(expected.asText())
                        .equals(RecordedCase.JSON.readTree(actual.asText()));
            } catch (JsonProcessingException broken) {
                return expected.equals(actual);
            }
        }
        return expected.equals(actual);
    }

    /** A text against a list of one text, or of one part that is nothing but text. */
    private static boolean sameText(JsonNode text, JsonNode list) {
        if (!text.isTextual() || list.size() != 1 || !list.isArray()) {
            return false;
        }
        JsonNode only = list.get(0);
        Set<String> plain = Set.of("text", "input_text", "output_text");
        boolean part = only.size() == (only.has("type") ? 2 : 1)
                && (!only.has("type") || plain.contains(only.path("type").asText()));
        return only.equals(text) || (part && text.equals(only.path("text")));
    }
}
