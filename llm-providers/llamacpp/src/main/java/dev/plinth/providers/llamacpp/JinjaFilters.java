package dev.plinth.providers.llamacpp;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What can stand behind {@code |}. */
final class JinjaFilters {

    private JinjaFilters() {}

    static Object apply(String name, Object value, List<Object> arguments, Map<String, Object> named) {
        return switch (name) {
            case "default", "d" -> orDefault(value, arguments, named);
            case "length", "count" -> length(value);
            case "first" -> at(JinjaValues.elements(value), true);
            case "last" -> at(JinjaValues.elements(value), false);
            case "list" -> JinjaValues.elements(value);
            case "items" ->
                value instanceof JinjaValues.Undefined ? List.of() : JinjaMethods.items(JinjaValues.dict(value));
            case "tojson" -> JinjaJson.write(value, indentation(arguments, named));
            case "join" -> JinjaMethods.join(value, arguments.isEmpty() ? "" : JinjaValues.string(arguments.get(0)));
            case "int" -> toInteger(value);
            case "dictsort" -> dictsort(value);
            case "reverse" -> reverse(value);
            case "map", "select", "reject", "selectattr", "rejectattr" -> each(name, value, arguments, named);
            default -> ofText(name, JinjaValues.string(value), arguments);
        };
    }

    private static Object ofText(String name, String text, List<Object> arguments) {
        return switch (name) {
            case "trim" -> JinjaMethods.strip(text, arguments, true, true);
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "title" -> JinjaMethods.title(text);
            case "capitalize" -> JinjaMethods.capitalize(text);
            case "replace" -> {
                if (arguments.size() < 2) {
                    throw new JinjaException("replace: " + arguments.size() + " arguments (expected: 2)");
                }
                yield JinjaMethods.replace(
                        text, JinjaValues.string(arguments.get(0)), JinjaValues.string(arguments.get(1)));
            }
            case "indent" -> {
                long width =
                        arguments.isEmpty() ? 4 : Math.min(100, Math.max(0, JinjaValues.integer(arguments.get(0))));
                yield JinjaMethods.replace(text, "\n", "\n" + " ".repeat((int) width))
                        .replaceAll("(?m)^ +$", "");
            }
            case "string", "safe" -> text;
            default -> throw new JinjaException("filter " + name + ": unknown (expected: one of chat templates)");
        };
    }

    private static Object dictsort(Object value) {
        List<Object> items = JinjaMethods.items(JinjaValues.dict(value));
        items.sort((one, other) -> String.CASE_INSENSITIVE_ORDER.compare(key(one), key(other)));
        return items;
    }

    private static String key(Object item) {
        return JinjaValues.string(((List<?>) item).get(0));
    }

    private static Object reverse(Object value) {
        List<Object> reversed = new ArrayList<>(JinjaValues.elements(value));
        Collections.reverse(reversed);
        return value instanceof String ? JinjaMethods.join(reversed, "") : reversed;
    }

    private static Object orDefault(Object value, List<Object> arguments, Map<String, Object> named) {
        Object otherwise = arguments.isEmpty() ? named.getOrDefault("default_value", "") : arguments.get(0);
        Object falseToo = arguments.size() > 1 ? arguments.get(1) : named.getOrDefault("boolean", false);
        boolean missing =
                value instanceof JinjaValues.Undefined || JinjaValues.truth(falseToo) && !JinjaValues.truth(value);
        return missing ? otherwise : value;
    }

    private static Object length(Object value) {
        if (value instanceof JinjaMethods.Namespace || JinjaValues.isNumber(value)) {
            throw new JinjaException("length: " + JinjaValues.kind(value) + " (expected: text, a list or a dict)");
        }
        return (long) JinjaValues.elements(value).size();
    }

    private static Object at(List<Object> all, boolean first) {
        return all.isEmpty() ? new JinjaValues.Undefined("item") : all.get(first ? 0 : all.size() - 1);
    }

    private static int indentation(List<Object> arguments, Map<String, Object> named) {
        Object given = arguments.isEmpty() ? named.getOrDefault("indent", JinjaValues.NONE) : arguments.get(0);
        return given == JinjaValues.NONE ? -1 : (int) Math.min(16, Math.max(0, JinjaValues.integer(given)));
    }

    private static Object toInteger(Object value) {
        if (JinjaValues.isNumber(value)) {
            return (long) JinjaValues.number(value);
        }
        try {
            return (long) Double.parseDouble(JinjaValues.string(value).strip());
        } catch (NumberFormatException e) {
            return 0L;
        }
    }

    private static Object each(String name, Object value, List<Object> arguments, Map<String, Object> named) {
        List<Object> results = new ArrayList<>();
        for (Object element : JinjaValues.elements(value)) {
            if (name.equals("map")) {
                results.add(mapped(element, arguments, named));
            } else {
                boolean byMember = name.endsWith("attr");
                Object tested = byMember ? JinjaMethods.member(element, text(arguments, 0)) : element;
                if (passes(tested, arguments, byMember ? 1 : 0) != name.startsWith("reject")) {
                    results.add(element);
                }
            }
        }
        return results;
    }

    private static Object mapped(Object element, List<Object> arguments, Map<String, Object> named) {
        if (named.get("attribute") instanceof String member) {
            return JinjaMethods.member(element, member);
        }
        String filter = text(arguments, 0);
        return apply(filter, element, arguments.subList(1, arguments.size()), named);
    }

    private static boolean passes(Object tested, List<Object> arguments, int testAt) {
        if (arguments.size() <= testAt) {
            return JinjaValues.truth(tested);
        }
        String test = text(arguments, testAt);
        String known = test.equals("==") ? "eq" : test.equals("!=") ? "ne" : test;
        return JinjaTests.test(known, tested, arguments.subList(testAt + 1, arguments.size()));
    }

    private static String text(List<Object> arguments, int position) {
        if (position >= arguments.size()) {
            throw new JinjaException("filter: " + arguments.size() + " arguments (expected: more)");
        }
        return JinjaValues.text(arguments.get(position), "filter");
    }
}
