package dev.plinth.providers.llamacpp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A grammar of JSON that grows rule by rule. Between its parts there is little white space and numbers have few digits,
 * since small models like to go on with either for ever.
 */
final class JsonGrammar {

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9-]+");

    private static final Map<String, String> COMMON = Map.ofEntries(
            Map.entry("value", "object | array | string | number | boolean | null"),
            Map.entry("object", "\"{\" space (member (\",\" space member)*)? space \"}\""),
            Map.entry("member", "string \":\" space value"),
            Map.entry("array", "\"[\" space (value (\",\" space value)*)? space \"]\""),
            Map.entry("string", "\"\\\"\" char* \"\\\"\""),
            Map.entry("char", "[^\"\\\\\\x00-\\x1F\\x7F] | \"\\\\\" [\"\\\\/bfnrt]"),
            Map.entry("integer", "\"-\"? (\"0\" | [1-9] [0-9]{0,15})"),
            Map.entry("number", "integer (\".\" [0-9]{1,16})? ([eE] [-+]? [0-9] [0-9]?)?"),
            Map.entry("boolean", "\"true\" | \"false\""),
            Map.entry("null", "\"null\""),
            Map.entry("space", "(\" \" | \"\\n\" \" \"{0,20})?"),
            Map.entry("two", "[0-9] [0-9]"),
            Map.entry("hex", "[0-9a-f]"),
            Map.entry("leap", "\"0\" [48] | [2468] [048] | [13579] [26]"),
            Map.entry("day30", "\"0\" [1-9] | [12] [0-9] | \"30\""),
            Map.entry(
                    "date",
                    "two two \"-\" (\"0\" [13578] | \"1\" [02]) \"-\" (day30 | \"31\")"
                            + " | two two \"-\" (\"0\" [469] | \"11\") \"-\" day30"
                            + " | two two \"-02-\" (\"0\" [1-9] | \"1\" [0-9] | \"2\" [0-8])"
                            + " | (two leap | (leap | \"00\") \"00\") \"-02-29\""),
            Map.entry(
                    "time",
                    "hour \":\" [0-5] [0-9] \":\" [0-5] [0-9] (\".\" [0-9]{1,9})?"
                            + " (\"Z\" | [-+] (\"0\" [0-9] | \"1\" [0-3]) \":\" [0-5] [0-9])"),
            Map.entry("hour", "[01] [0-9] | \"2\" [0-3]"),
            Map.entry("count", "\"0\" | [1-9] [0-9]{0,3}"),
            Map.entry("seconds", "count \"S\""),
            Map.entry("minutes", "count \"M\" seconds?"),
            Map.entry("hours", "count \"H\" minutes?"),
            Map.entry("span", "\"T\" (hours | minutes | seconds)"),
            Map.entry("duration-string", "\"\\\"P\" (span | count \"D\" span?) \"\\\"\""),
            Map.entry("date-string", "\"\\\"\" date \"\\\"\""),
            Map.entry("time-string", "\"\\\"\" time \"\\\"\""),
            Map.entry("date-time-string", "\"\\\"\" date \"T\" time \"\\\"\""),
            Map.entry("uuid-string", "\"\\\"\" hex{8} \"-\" hex{4} \"-\" hex{4} \"-\" hex{4} \"-\" hex{12} \"\\\"\""));

    /** Any JSON object. */
    static final String OBJECT = new JsonGrammar().with("root", "object").toString();

    private final Map<String, String> rules = new LinkedHashMap<>();

    /** One more rule, or another body of it. */
    JsonGrammar with(String name, String body) {
        rules.put(name, body);
        return this;
    }

    /** One more rule of a new name, which is returned. */
    String add(String body) {
        String name = "r" + rules.size();
        rules.put(name, body);
        return name;
    }

    /** This very text. */
    static String literal(String text) {
        StringBuilder literal = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                literal.append('\\');
            }
            literal.appendCodePoint(c);
        });
        return literal.append('"').toString();
    }

    /** This very value as JSON, on one line. */
    static String json(Object value) {
        if (value instanceof String text) {
            return JinjaJson.write(text, -1);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(JsonGrammar::json).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> json(entry.getKey()) + ": " + json(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return value.toString();
    }

    /** The grammar with all rules that it needs. */
    @Override
    public String toString() {
        Map<String, String> all = new LinkedHashMap<>();
        rules.forEach((name, body) -> addWithNeeds(name, body, all));
        StringBuilder text = new StringBuilder();
        all.forEach(
                (name, body) -> text.append(name).append(" ::= ").append(body).append('\n'));
        return text.toString();
    }

    private static void addWithNeeds(String name, String body, Map<String, String> all) {
        if (all.putIfAbsent(name, body) == null) {
            WORD.matcher(body)
                    .results()
                    .map(MatchResult::group)
                    .filter(COMMON::containsKey)
                    .forEach(need -> {
                        addWithNeeds(need, COMMON.getOrDefault(need, ""), all);
                    });
        }
    }
}
