package dev.plinth.providers.llamacpp;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One schema within a JSON Schema: what it asserts, and where it stands. */
final class SchemaNode {

    /** The schema asserts what no grammar of ours can hold. */
    static final class Unsupported extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Unsupported(String place, @Nullable Object value, String expected) {
            super("schema" + place + ": " + value + " (expected: " + expected + ")");
        }
    }

    private static final Set<String> ANNOTATIONS = Set.of(
            "$schema",
            "$id",
            "$comment",
            "$defs",
            "definitions",
            "title",
            "description",
            "default",
            "examples",
            "deprecated",
            "readOnly",
            "writeOnly");

    /** The types and the keywords that a grammar can hold for each. */
    private static final Map<String, Set<String>> KEYWORDS = Map.of(
            "object", Set.of("properties", "required", "additionalProperties"),
            "array", Set.of("items", "prefixItems", "minItems", "maxItems"),
            "string", Set.of("minLength", "maxLength", "format"),
            "integer", Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
            "number", Set.of("minimum", "maximum"),
            "boolean", Set.of(),
            "null", Set.of());

    static final int MAX_COUNT = 1000;

    private final Map<String, Object> asserted = new LinkedHashMap<>();
    private final String place;

    private SchemaNode(Map<?, ?> schema, String place) {
        this.place = place;
        schema.forEach((key, value) -> {
            if (!ANNOTATIONS.contains(key.toString())) {
                asserted.put(key.toString(), value);
            }
        });
    }

    static SchemaNode of(Object schema, String place) {
        if (Boolean.TRUE.equals(schema)) {
            return new SchemaNode(Map.of(), place);
        }
        if (schema instanceof Map<?, ?> map) {
            return new SchemaNode(map, place);
        }
        throw new Unsupported(place, JsonGrammar.json(schema), "a schema that some value fits");
    }

    String place() {
        return place;
    }

    boolean fitsAnything() {
        return asserted.isEmpty();
    }

    boolean has(String key) {
        return asserted.containsKey(key);
    }

    Object get(String key, Object otherwise) {
        return asserted.getOrDefault(key, otherwise);
    }

    List<Object> list(String key) {
        return asserted.get(key) instanceof List<?> list
                ? list.stream().map(Object.class::cast).toList()
                : List.of();
    }

    Map<String, Object> map(String key) {
        Map<String, Object> copy = new LinkedHashMap<>();
        if (asserted.get(key) instanceof Map<?, ?> map) {
            map.forEach((name, value) -> copy.put(name.toString(), value));
        }
        return copy;
    }

    Optional<BigDecimal> number(String key) {
        return asserted.get(key) instanceof BigDecimal number ? Optional.of(number) : Optional.empty();
    }

    /** How many of something; a grammar writes repetitions out, so that there is a most. */
    int count(String key, int otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        BigDecimal number = number(key).orElse(BigDecimal.ONE.negate());
        if (number.signum() < 0 || number.compareTo(BigDecimal.valueOf(MAX_COUNT)) > 0) {
            throw unsupported(key, number, "0 to " + MAX_COUNT);
        }
        return number.intValue();
    }

    /** The types a value may have: those that are named, else those that the keywords speak of. */
    Set<String> types() {
        Set<String> types = new LinkedHashSet<>();
        if (has("type")) {
            List<Object> names = list("type").isEmpty() ? List.of(get("type", "")) : list("type");
            names.forEach(name -> types.add(name.toString()));
        } else {
            asserted.keySet().forEach(key -> typeOf(key).ifPresent(types::add));
        }
        if (types.isEmpty() || !KEYWORDS.keySet().containsAll(types)) {
            throw unsupported(
                    "type",
                    types,
                    "one of " + KEYWORDS.keySet().stream().sorted().toList());
        }
        if (types.contains("number")) {
            types.remove("integer");
        }
        return types;
    }

    private static Optional<String> typeOf(String keyword) {
        if (keyword.endsWith("imum") || keyword.endsWith("Minimum") || keyword.endsWith("Maximum")) {
            return Optional.of("number");
        }
        return KEYWORDS.entrySet().stream()
                .filter(entry -> entry.getValue().contains(keyword))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Refuses what the types at hand cannot hold. */
    void requireKeywordsOf(Set<String> types) {
        Set<String> allowed = new LinkedHashSet<>(Set.of("type"));
        types.forEach(type -> allowed.addAll(KEYWORDS.getOrDefault(type, Set.of())));
        requireOnly(allowed);
    }

    void requireOnly(Set<String> allowed) {
        List<String> others = new ArrayList<>(asserted.keySet());
        others.removeAll(allowed);
        if (!others.isEmpty()) {
            throw unsupported(
                    others.get(0),
                    "not enforceable",
                    "beside it only " + allowed.stream().sorted().toList());
        }
    }

    Unsupported unsupported(String key, @Nullable Object value, String expected) {
        return new Unsupported(place + "." + key, value, expected);
    }

    static boolean isOfType(Object value, String type) {
        return switch (type) {
            case "object" -> value instanceof Map;
            case "array" -> value instanceof List;
            case "string" -> value instanceof String;
            case "integer" ->
                value instanceof BigDecimal number
                        && number.stripTrailingZeros().scale() <= 0;
            case "number" -> value instanceof BigDecimal;
            case "boolean" -> value instanceof Boolean;
            default -> value == JsonReader.NULL;
        };
    }
}
