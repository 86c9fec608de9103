package dev.plinth.providers.wire;

import dev.plinth.api.check.Check;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** One schema on its way into a dialect. Not thread-safe. */
final class SchemaConversion {

    /** Names and notes that say nothing to a model. */
    private static final Set<String> SILENT = Set.of("$schema", "$id", "$anchor", "$comment", "$vocabulary");

    private static final Set<String> MAPS_OF_SCHEMAS =
            Set.of("properties", "$defs", "definitions", "patternProperties");
    private static final Set<String> LISTS_OF_SCHEMAS = Set.of("anyOf", "oneOf", "allOf", "prefixItems");
    private static final Set<String> SCHEMAS = Set.of("items", "additionalProperties", "contains", "not");

    private final SchemaDialect dialect;
    private final Map<?, ?> root;
    private final Set<String> open = new LinkedHashSet<>();

    SchemaConversion(SchemaDialect dialect, Map<?, ?> root) {
        this.dialect = dialect;
        this.root = root;
    }

    /** The converted schema; the text itself where nothing had to change. */
    String result(String text) {
        Map<String, @Nullable Object> converted = schema(root);
        return converted.equals(root) ? text : JsonTree.write(converted);
    }

    private @Nullable Object any(@Nullable Object schema) {
        return schema instanceof Map<?, ?> object ? schema(object) : schema;
    }

    private Map<String, @Nullable Object> schema(Map<?, ?> schema) {
        Object reference = schema.get("$ref");
        if (reference != null && dialect.inlines()) {
            return inlined(String.valueOf(reference), schema);
        }
        boolean map = dialect.closesObjects() && schema.get("additionalProperties") instanceof Map;
        Check.that(!map, "schema", "an object with any names", "an object with names that are known");
        Map<String, @Nullable Object> converted = new LinkedHashMap<>();
        StringJoiner told = new StringJoiner(", ");
        for (Map.Entry<?, ?> keyword : schema.entrySet()) {
            keyword((String) keyword.getKey(), keyword.getValue(), converted, told);
        }
        if (told.length() > 0) {
            tell(told.toString(), converted);
        }
        if (converted.get("properties") instanceof Map<?, ?> properties) {
            object(properties, converted);
        } else if (dialect.closesObjects() && isObject(converted)) {
            converted.put("additionalProperties", false);
        }
        if (dialect.saysNullable()) {
            sayNullable(converted);
        }
        return converted;
    }

    private void keyword(
            String keyword, @Nullable Object value, Map<String, @Nullable Object> converted, StringJoiner told) {
        boolean definitions = keyword.equals("$defs") || keyword.equals("definitions");
        if (SILENT.contains(keyword) && !dialect.knows(keyword) || definitions && dialect.inlines()) {
            return;
        }
        if (keyword.equals("format") && dialect.knows(keyword) && !dialect.knowsFormat(value == null ? "" : value)) {
            told.add("format: " + value);
        } else if (dialect.knows(keyword)) {
            converted.put(keyword, converted(keyword, value));
        } else if (keyword.equals("oneOf") && dialect.knows("anyOf")) {
            converted.put("anyOf", converted(keyword, value));
        } else if (keyword.equals("const") && dialect.knows("enum")) {
            List<@Nullable Object> only = new ArrayList<>();
            only.add(value);
            converted.put("enum", only);
        } else if (!keyword.equals("additionalProperties")) {
            told.add(keyword + ": " + JsonTree.write(value));
        }
    }

    private @Nullable Object converted(String keyword, @Nullable Object value) {
        if (MAPS_OF_SCHEMAS.contains(keyword) && value instanceof Map<?, ?> schemas) {
            Map<String, @Nullable Object> all = new LinkedHashMap<>();
            schemas.forEach((name, schema) -> all.put((String) name, any(schema)));
            return all;
        }
        if (LISTS_OF_SCHEMAS.contains(keyword) && value instanceof List<?> schemas) {
            List<@Nullable Object> all = new ArrayList<>();
            schemas.forEach(schema -> all.add(any(schema)));
            return all;
        }
        return SCHEMAS.contains(keyword) ? any(value) : value;
    }

    private static void tell(String told, Map<String, @Nullable Object> converted) {
        Object description = converted.remove("description");
        converted.put("description", description == null ? told : description + " (" + told + ")");
    }

    private static boolean isObject(Map<String, @Nullable Object> schema) {
        Object type = schema.get("type");
        return "object".equals(type) || type instanceof List<?> types && types.contains("object");
    }

    private void object(Map<?, ?> properties, Map<String, @Nullable Object> converted) {
        if (dialect.closesObjects()) {
            converted.put("additionalProperties", false);
        }
        if (dialect.requiresAll()) {
            List<?> required = converted.get("required") instanceof List<?> names ? names : List.of();
            Map<String, @Nullable Object> all = new LinkedHashMap<>();
            properties.forEach((name, schema) -> {
                boolean optional = !required.contains(name) && schema instanceof Map;
                all.put((String) name, optional ? orNull((Map<?, ?>) schema) : schema);
            });
            converted.put("properties", all);
            if (all.size() > new LinkedHashSet<>(required).size()) {
                converted.put("required", new ArrayList<>(all.keySet()));
            }
        }
    }

    /** The schema of something that may be null, too. */
    private static Map<String, @Nullable Object> orNull(Map<?, ?> schema) {
        Map<String, @Nullable Object> nullable = new LinkedHashMap<>();
        schema.forEach((keyword, value) -> nullable.put((String) keyword, value));
        Object type = nullable.get("type");
        if (type == null) {
            Map<String, @Nullable Object> either = new LinkedHashMap<>();
            either.put("anyOf", List.of(nullable, Map.of("type", "null")));
            return either;
        }
        List<@Nullable Object> types = new ArrayList<>(type instanceof List<?> several ? several : List.of(type));
        if (!types.contains("null")) {
            types.add("null");
        }
        nullable.put("type", types);
        if (nullable.get("enum") instanceof List<?> values && !values.contains(null)) {
            List<@Nullable Object> more = new ArrayList<>(values);
            more.add(null);
            nullable.put("enum", more);
        }
        return nullable;
    }

    private static void sayNullable(Map<String, @Nullable Object> schema) {
        if (schema.get("type") instanceof List<?> types) {
            List<?> others = types.stream().filter(type -> !"null".equals(type)).toList();
            if (others.size() < types.size()) {
                schema.put("nullable", true);
            }
            if (others.size() == 1) {
                schema.put("type", others.get(0));
            } else {
                schema.remove("type");
                schema.put(
                        "anyOf",
                        others.stream().map(type -> Map.of("type", type)).toList());
            }
        }
        if (schema.get("enum") instanceof List<?> values && values.contains(null)) {
            schema.put("enum", values.stream().filter(value -> value != null).toList());
        }
    }

    /** What a reference refers to, with what stands beside it. */
    private Map<String, @Nullable Object> inlined(String reference, Map<?, ?> schema) {
        Check.that(
                open.add(reference),
                "schema",
                "refers to itself by " + reference,
                "no recursion, as the vendor has it");
        Map<Object, @Nullable Object> whole = new LinkedHashMap<>(target(reference));
        schema.forEach((keyword, value) -> {
            if (!"$ref".equals(keyword)) {
                whole.put(keyword, value);
            }
        });
        Map<String, @Nullable Object> converted = schema(whole);
        open.remove(reference);
        return converted;
    }

    private Map<?, ?> target(String reference) {
        Object found = reference.startsWith("#") ? root : null;
        for (String step : reference.replaceFirst("^#/?", "").split("/")) {
            if (!step.isEmpty()) {
                String name = step.replace("~1", "/").replace("~0", "~");
                found = found instanceof Map<?, ?> object ? object.get(name) : null;
            }
        }
        Check.that(found instanceof Map, "schema", "refers to " + reference, "what stands in it");
        return (Map<?, ?>) Check.notNull(found, "schema");
    }
}
