package dev.plinth.tracing.conformance;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One attribute of the conventions.
 *
 * @param type {@code string}, {@code string[]}, {@code int}, {@code double}, {@code boolean} or {@code any}
 * @param known values that have a name; others may be used where none of them applies
 * @param values the only values; empty: any
 * @param aliases other words for known values
 * @param only the one value it may have; null: any
 * @param never the one value it may not have; null: none
 * @param schema of what it holds; null: none
 * @param template whether the key is only the beginning of the real one
 */
record Attribute(
        String key,
        String type,
        List<String> known,
        List<String> values,
        Map<String, String> aliases,
        @Nullable Object only,
        @Nullable Object never,
        @Nullable String schema,
        boolean template) {

    private static final Map<AttributeType, Set<String>> TYPES = Map.of(
            AttributeType.STRING, Set.of("string", "any"),
            AttributeType.STRING_ARRAY, Set.of("string[]"),
            AttributeType.LONG, Set.of("int"),
            AttributeType.DOUBLE, Set.of("double"),
            AttributeType.BOOLEAN, Set.of("boolean"),
            AttributeType.VALUE, Set.of("any"));

    /** What is wrong with it, each in words. */
    void check(AttributeKey<?> given, Object value, MessageSchemas schemas, Problems problems) {
        if (!TYPES.getOrDefault(given.getType(), Set.of()).contains(type)) {
            problems.add(given.getKey(), given.getType(), type);
        } else if (schema != null) {
            content(given.getKey(), value, schema, schemas, problems);
        } else {
            List<?> each = value instanceof List<?> list ? list : List.of(value);
            each.forEach(one -> value(given.getKey(), one, problems));
        }
    }

    private static void content(String key, Object value, String schema, MessageSchemas schemas, Problems problems) {
        List<String> errors = value instanceof Value<?> structured
                ? schemas.check(schema, structured)
                : schemas.check(schema, (String) value);
        errors.forEach(error -> problems.add(key, error));
    }

    private void value(String key, Object value, Problems problems) {
        if (only != null && !same(only, value)) {
            problems.add(key, value, "only " + only);
        }
        if (never != null && same(never, value)) {
            problems.add(key, value, "never " + never);
        }
        if (!values.isEmpty() && !values.contains(value)) {
            problems.add(key, value, "one of " + values);
        }
        if (value instanceof String word && !known.isEmpty() && !known.contains(word)) {
            String better = better(word);
            if (better != null) {
                problems.add(key, word, better);
            }
        }
    }

    /** YAML has integers where attributes have longs. */
    private static boolean same(Object rule, Object value) {
        return rule.toString().equals(value.toString());
    }

    /** The known value that the word is another spelling of, or null. */
    private @Nullable String better(String word) {
        String alias = aliases.get(word.toLowerCase(Locale.ROOT));
        if (alias != null) {
            return alias;
        }
        return known.stream()
                .filter(name -> letters(name).equals(letters(word)))
                .findFirst()
                .orElse(null);
    }

    private static String letters(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }
}
