package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whether two bodies say the same: object keys in any order, numbers by value, tool arguments as the JSON they hold. */
final class SameJson {
    private final List<String> differences = new ArrayList<>();

    private SameJson() {}

    /** The places, as JSON pointers, where the bodies differ. */
    static List<String> differences(JsonNode expected, JsonNode actual) {
        SameJson same = new SameJson();
        same.compare("", expected, actual);
        return same.differences;
    }

    private void compare(String place, JsonNode expected, JsonNode actual) {
        if (expected.isObject() && actual.isObject()) {
            Set<String> names = new TreeSet<>();
            expected.fieldNames().forEachRemaining(names::add);
            actual.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> compare(place + "/" + name, expected.path(name), actual.path(name)));
        } else if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
            for (int i = 0; i < expected.size(); i++) {
                compare(place + "/" + i, expected.get(i), actual.get(i));
            }
        } else if (!sameValue(place, expected, actual)) {
            differences.add(place);
        }
    }

    private static boolean sameValue(String place, JsonNode expected, JsonNode actual) {
        if (expected.isNumber() && actual.isNumber()) {
            return expected.decimalValue().compareTo(actual.decimalValue()) == 0;
        }
        if (place.endsWith("/arguments") && expected.isTextual() && actual.isTextual()) {
            try {
                return TestJson.JSON.readTree(expected.asText()).equals(TestJson.JSON.readTree(actual.asText()));
            } catch (JsonProcessingException broken) {
                return expected.equals(actual);
            }
        }
        return expected.equals(actual);
    }
}
