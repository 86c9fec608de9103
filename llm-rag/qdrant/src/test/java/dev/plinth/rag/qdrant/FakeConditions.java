package dev.plinth.rag.qdrant;

import static dev.plinth.rag.qdrant.FakeQdrant.check;
import static dev.plinth.rag.qdrant.FakeQdrant.known;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * Filters of Qdrant: every clause that is there must hold, a list of values passes if one of them does, and a nested
 * filter if one element passes it whole.
 */
final class FakeConditions {
    private final Set<String> indexes;

    FakeConditions(Set<String> indexes) {
        this.indexes = indexes;
    }

    /** Refuses what is not well-formed or has no index. */
    void check(JsonNode filter, String above) {
        known(filter, "must", "should", "must_not");
        for (JsonNode clause : filter) {
            FakeQdrant.check(clause.isArray(), "filter");
            clause.forEach(condition -> checkCondition(condition, above));
        }
    }

    private void checkCondition(JsonNode condition, String above) {
        if (condition.has("nested")) {
            known(condition, "nested");
            known(condition.path("nested"), "key", "filter");
            FakeQdrant.check(above.isEmpty(), "nested");
            check(condition.at("/nested/filter"), condition.at("/nested/key").asText() + "[].");
        } else if (condition.has("key")) {
            known(condition, "key", "match", "range");
            String key = above + condition.path("key").asText();
            FakeQdrant.check(
                    indexes.contains(key), 400, "Bad request: Index required but not found for \"" + key + "\"");
            known(condition.path("match"), "value", "any");
            known(condition.path("range"), "lt", "lte", "gt", "gte");
            FakeQdrant.check(condition.has("match") != condition.has("range"), "one condition");
            condition.path("range").forEach(bound -> FakeQdrant.check(bound.isNumber(), "range"));
            condition.at("/match/any").forEach(value -> FakeQdrant.check(value.isTextual(), "any"));
        } else {
            check(condition, above);
        }
    }

    boolean passes(JsonNode filter, JsonNode payload) {
        boolean passes = true;
        for (JsonNode condition : filter.path("must")) {
            passes &= holds(condition, payload);
        }
        for (JsonNode condition : filter.path("must_not")) {
            passes &= !holds(condition, payload);
        }
        boolean one = !filter.has("should");
        for (JsonNode condition : filter.path("should")) {
            one |= holds(condition, payload);
        }
        return passes && one;
    }

    private boolean holds(JsonNode condition, JsonNode payload) {
        if (condition.has("nested")) {
            for (JsonNode element : payload.path(condition.at("/nested/key").asText())) {
                if (passes(condition.at("/nested/filter"), element)) {
                    return true;
                }
            }
            return false;
        }
        if (!condition.has("key")) {
            return passes(condition, payload);
        }
        JsonNode value = payload.path(condition.path("key").asText());
        if (!value.isArray()) {
            return valueHolds(condition, value);
        }
        for (JsonNode each : value) {
            if (valueHolds(condition, each)) {
                return true;
            }
        }
        return false;
    }

    private static boolean valueHolds(JsonNode condition, JsonNode value) {
        if (condition.has("range")) {
            return value.isNumber() && isWithin(condition.path("range"), value.doubleValue());
        }
        boolean one = value.equals(condition.at("/match/value"));
        for (JsonNode any : condition.at("/match/any")) {
            one |= value.equals(any);
        }
        return one;
    }

    /** Numbers are doubles, as they are there. */
    private static boolean isWithin(JsonNode range, double value) {
        return value < range.path("lt").asDouble(Double.POSITIVE_INFINITY)
                && value > range.path("gt").asDouble(Double.NEGATIVE_INFINITY)
                && value <= range.path("lte").asDouble(Double.POSITIVE_INFINITY)
                && value >= range.path("gte").asDouble(Double.NEGATIVE_INFINITY);
    }
}
