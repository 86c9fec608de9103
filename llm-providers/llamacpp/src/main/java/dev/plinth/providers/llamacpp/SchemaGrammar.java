package dev.plinth.providers.llamacpp;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes a grammar of a JSON Schema. All that the grammar lets pass fits the schema; not all that fits passes: properties
 * come in the schema's order, and none that it does not name. A keyword that the grammar cannot hold is refused, since
 * an answer would only seem to be held to it.
 *
 * @see <a href="https://json-schema.org/draft/2020-12">JSON Schema</a>
 */
final class SchemaGrammar {

    private static final Set<String> FORMATS = Set.of("date", "time", "date-time", "duration", "uuid");

    private final Object root;
    private final JsonGrammar grammar = new JsonGrammar();
    private final Map<String, String> references = new HashMap<>();

    private SchemaGrammar(Object root) {
        this.root = root;
    }

    /**
     * The grammar.
     *
     * @throws IllegalArgumentException if the schema is no JSON
     * @throws SchemaNode.Unsupported if the schema asserts what no grammar of ours can hold
     */
    static String of(String schema) {
        Object json = JsonReader.read(schema);
        SchemaGrammar converter = new SchemaGrammar(json);
        converter.grammar.with("root", "");
        converter.grammar.with("root", converter.rule(SchemaNode.of(json, "")));
        try {
            return Grammar.checked(converter.grammar.toString());
        } catch (IllegalArgumentException e) {
            throw SchemaNode.of(true, "").unsupported("$ref", "too large, or of itself alone", "a smaller schema");
        }
    }

    /** The name of a rule for this schema. */
    private String rule(SchemaNode schema) {
        if (schema.fitsAnything()) {
            return "value";
        }
        for (String keyword : List.of("$ref", "anyOf", "oneOf", "allOf")) {
            if (schema.has(keyword)) {
                schema.requireOnly(Set.of(keyword));
                return keyword.equals("$ref") ? reference(schema) : combination(schema, keyword);
            }
        }
        if (schema.has("const") || schema.has("enum")) {
            schema.requireOnly(Set.of("const", "enum", "type"));
            return values(schema);
        }
        Set<String> types = schema.types();
        schema.requireKeywordsOf(types);
        return anyOf(types.stream().map(type -> typed(type, schema)).toList());
    }

    private String anyOf(List<String> rules) {
        return rules.size() == 1 ? rules.get(0) : grammar.add(String.join(" | ", rules));
    }

    private String combination(SchemaNode schema, String keyword) {
        List<Object> parts = schema.list(keyword);
        if (parts.isEmpty() || parts.size() > 1 && keyword.equals("allOf")) {
            throw schema.unsupported(keyword, parts.size() + " schemas", keyword.equals("allOf") ? "1" : "at least 1");
        }
        if (keyword.equals("oneOf")) {
            requireApart(schema, parts);
        }
        List<String> rules = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            rules.add(rule(SchemaNode.of(parts.get(i), schema.place() + "." + keyword + "[" + i + "]")));
        }
        return anyOf(rules);
    }

    /** Exactly one of them may fit, which holds when each has a type of its own. */
    private void requireApart(SchemaNode schema, List<Object> parts) {
        Set<String> seen = new LinkedHashSet<>();
        for (Object part : parts) {
            SchemaNode node = SchemaNode.of(part, schema.place() + ".oneOf");
            SchemaNode target = node.has("$ref")
                    ? SchemaNode.of(resolve(node, node.get("$ref", "").toString()), node.place())
                    : node;
            for (String type : target.types()) {
                if (!seen.add(type.equals("integer") ? "number" : type)) {
                    throw schema.unsupported("oneOf", "several of type " + type, "each of another type; or anyOf");
                }
            }
        }
    }

    private String reference(SchemaNode schema) {
        String pointer = schema.get("$ref", "").toString();
        String known = references.get(pointer);
        if (known != null) {
            return known;
        }
        String name = grammar.add("");
        references.put(pointer, name);
        grammar.with(name, rule(SchemaNode.of(resolve(schema, pointer), pointer)));
        return name;
    }

    private Object resolve(SchemaNode schema, String pointer) {
        Object found = root;
        for (String step : pointer.split("/", -1)) {
            if (step.equals("#")) {
                continue;
            }
            String key = step.replace("~1", "/").replace("~0", "~");
            if (!pointer.startsWith("#") || !(found instanceof Map<?, ?> map) || map.get(key) == null) {
                throw schema.unsupported("$ref", pointer, "a place within this schema");
            }
            found = map.get(key);
        }
        return found;
    }

    private String values(SchemaNode schema) {
        List<Object> values = new ArrayList<>(schema.list("enum"));
        if (schema.has("const")) {
            values = new ArrayList<>(List.of(schema.get("const", JsonReader.NULL)));
        }
        if (schema.has("type")) {
            Set<String> types = schema.types();
            values.removeIf(value -> types.stream().noneMatch(type -> SchemaNode.isOfType(value, type)));
        }
        if (values.isEmpty()) {
            throw schema.unsupported("enum", "no value", "at least one");
        }
        return grammar.add(values.stream()
                .map(value -> JsonGrammar.literal(JsonGrammar.json(value)))
                .collect(Collectors.joining(" | ")));
    }

    private String typed(String type, SchemaNode schema) {
        return switch (type) {
            case "object" -> object(schema);
            case "array" -> array(schema);
            case "string" -> string(schema);
            case "integer", "number" -> number(schema, type.equals("integer"));
            default -> type;
        };
    }

    private String object(SchemaNode schema) {
        Object others = schema.get("additionalProperties", true);
        Set<String> required = new LinkedHashSet<>();
        schema.list("required").forEach(name -> required.add(name.toString()));
        Map<String, Object> properties = new LinkedHashMap<>(schema.map("properties"));
        required.forEach(name -> properties.putIfAbsent(name, others));
        if (properties.isEmpty()) {
            return openObject(others, schema);
        }
        // From the last to the first: what may follow when a member came before, and when none did.
        List<String> names = new ArrayList<>(properties.keySet());
        String rest = "\"\"";
        String restAtStart = rest;
        for (int i = names.size() - 1; i >= 0; i--) {
            String name = names.get(i);
            SchemaNode value = SchemaNode.of(properties.getOrDefault(name, true), schema.place() + "." + name);
            String member = grammar.add(JsonGrammar.literal(JsonGrammar.json(name) + ":") + " space " + rule(value));
            String next = "\",\" space " + member + " " + rest;
            String first = member + " " + rest;
            boolean optional = !required.contains(name);
            restAtStart = grammar.add(optional ? first + " | " + restAtStart : first);
            rest = grammar.add(optional ? next + " | " + rest : next);
        }
        return grammar.add("\"{\" space " + restAtStart + " space \"}\"");
    }

    private String openObject(Object others, SchemaNode schema) {
        if (Boolean.FALSE.equals(others)) {
            return grammar.add("\"{\" space \"}\"");
        }
        String value = rule(SchemaNode.of(others, schema.place() + ".additionalProperties"));
        String member = grammar.add("string \":\" space " + value);
        return grammar.add("\"{\" space (" + member + " (\",\" space " + member + ")*)? space \"}\"");
    }

    /** The first items have schemas of their own and all come; then come the others, from least to most in all. */
    private String array(SchemaNode schema) {
        int least = schema.count("minItems", 0);
        int most = schema.count("maxItems", SchemaNode.MAX_COUNT);
        List<String> first = new ArrayList<>();
        for (Object item : schema.list("prefixItems")) {
            if (first.size() < most) {
                first.add(rule(SchemaNode.of(item, schema.place() + ".prefixItems[" + first.size() + "]")));
            }
        }
        String open = "\"[\" space " + String.join(" \",\" space ", first);
        boolean more = most > first.size() && !Boolean.FALSE.equals(schema.get("items", true));
        if (least > most || !more && least > first.size()) {
            throw schema.unsupported("minItems", least, "at most as many as there may be");
        }
        if (!more) {
            return grammar.add(open + " space \"]\"");
        }
        String item = rule(SchemaNode.of(schema.get("items", true), schema.place() + ".items"));
        int from = Math.max(0, least - first.size());
        int to = most - first.size();
        if (!first.isEmpty()) {
            return grammar.add(open + " (\",\" space " + item + ")" + times(from, to) + " space \"]\"");
        }
        String all = item + (to == 1 ? "" : " (\",\" space " + item + ")" + times(Math.max(0, from - 1), to - 1));
        return grammar.add("\"[\" space (" + all + ")" + (from == 0 ? "?" : "") + " space \"]\"");
    }

    private static String times(int least, int most) {
        boolean endless = most >= SchemaNode.MAX_COUNT - 1;
        return endless ? "{" + least + ",}" : "{" + least + "," + most + "}";
    }

    private String string(SchemaNode schema) {
        if (schema.has("format")) {
            Object format = schema.get("format", "");
            if (!FORMATS.contains(format) || schema.has("minLength") || schema.has("maxLength")) {
                throw schema.unsupported(
                        "format", format, "one of " + FORMATS.stream().sorted().toList() + ", no length");
            }
            return format + "-string";
        }
        int least = schema.count("minLength", 0);
        int most = schema.count("maxLength", SchemaNode.MAX_COUNT);
        if (least > most) {
            throw schema.unsupported("minLength", least, "at most " + most);
        }
        if (most == 0) {
            return grammar.add("\"\\\"\\\"\"");
        }
        return least == 0 && !schema.has("maxLength")
                ? "string"
                : grammar.add("\"\\\"\" char"
                        + (schema.has("maxLength") ? "{" + least + "," + most + "}" : "{" + least + ",}")
                        + " \"\\\"\"");
    }

    private String number(SchemaNode schema, boolean integer) {
        long least = -NumberGrammar.MOST;
        long most = NumberGrammar.MOST;
        boolean bounded = false;
        for (String key : List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")) {
            if (schema.number(key).isEmpty()) {
                continue;
            }
            bounded = true;
            boolean lower = key.endsWith("inimum");
            BigDecimal bound = schema.number(key).orElseThrow();
            BigDecimal inner = bound.setScale(0, lower ? RoundingMode.CEILING : RoundingMode.FLOOR);
            boolean whole = inner.compareTo(bound) == 0;
            if (!integer && !whole || inner.abs().compareTo(BigDecimal.valueOf(NumberGrammar.MOST)) > 0) {
                throw schema.unsupported(key, bound, "a whole number of at most 16 digits");
            }
            long step = whole && key.startsWith("exclusive") ? 1 : 0;
            least = lower ? Math.max(least, inner.longValue() + step) : least;
            most = lower ? most : Math.min(most, inner.longValue() - step);
        }
        if (least > most) {
            throw schema.unsupported("minimum", least, "at most " + most);
        }
        if (!bounded) {
            return integer ? "integer" : "number";
        }
        return grammar.add(integer ? NumberGrammar.integers(least, most) : NumberGrammar.numbers(least, most));
    }
}
