package dev.plinth.providers.llamacpp;

import dev.plinth.providers.llamacpp.JinjaValues.Function;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** What stands behind a dot: members of dicts, and Python's methods of text, dicts and lists. */
final class JinjaMethods {

    /** What {@code namespace()} makes: the one thing whose members a template can set. */
    record Namespace(Map<String, Object> values) {}

    private JinjaMethods() {}

    /** {@code owner.name}: the method, else the item. */
    static Object member(Object owner, String name) {
        Object method = method(owner, name);
        return method instanceof JinjaValues.Undefined ? JinjaValues.item(unwrapped(owner), name) : method;
    }

    /** {@code owner[key]}: the item, else the method. */
    static Object item(Object owner, Object key) {
        Object item = JinjaValues.item(unwrapped(owner), key);
        if (!(item instanceof JinjaValues.Undefined)) {
            return item;
        }
        Object method = key instanceof String name ? method(owner, name) : item;
        return method instanceof JinjaValues.Undefined ? new JinjaValues.Undefined("item") : method;
    }

    private static Object unwrapped(Object owner) {
        return owner instanceof Namespace namespace ? namespace.values() : owner;
    }

    private static Object method(Object owner, String name) {
        if (owner instanceof String text) {
            return textMethod(text, name);
        }
        if (owner instanceof Map<?, ?> map) {
            return dictMethod(map, name);
        }
        return new JinjaValues.Undefined(name);
    }

    private static Object dictMethod(Map<?, ?> map, String name) {
        return switch (name) {
            case "items" -> (Function) (arguments, named) -> items(map);
            case "keys" -> (Function) (arguments, named) -> new ArrayList<Object>(map.keySet());
            case "values" -> (Function) (arguments, named) -> new ArrayList<Object>(map.values());
            case "get" ->
                (Function) (arguments, named) -> {
                    Object found = map.get(argument(arguments, 0, "get"));
                    Object otherwise = arguments.size() > 1 ? arguments.get(1) : JinjaValues.NONE;
                    return found == null ? otherwise : found;
                };
            default -> new JinjaValues.Undefined(name);
        };
    }

    static List<Object> items(Map<?, ?> map) {
        List<Object> items = new ArrayList<>();
        map.forEach((key, value) -> items.add(List.of(key, value)));
        return items;
    }

    private static Object textMethod(String text, String name) {
        return switch (name) {
            case "strip" -> (Function) (arguments, named) -> strip(text, arguments, true, true);
            case "lstrip" -> (Function) (arguments, named) -> strip(text, arguments, true, false);
            case "rstrip" -> (Function) (arguments, named) -> strip(text, arguments, false, true);
            case "split" -> (Function) (arguments, named) -> split(text, arguments);
            case "splitlines" ->
                (Function)
                        (arguments, named) -> new ArrayList<Object>(text.lines().toList());
            case "startswith" ->
                (Function) (arguments, named) -> anyOf(arguments, name).stream().anyMatch(text::startsWith);
            case "endswith" ->
                (Function) (arguments, named) -> anyOf(arguments, name).stream().anyMatch(text::endsWith);
            case "upper" -> (Function) (arguments, named) -> text.toUpperCase(Locale.ROOT);
            case "lower" -> (Function) (arguments, named) -> text.toLowerCase(Locale.ROOT);
            case "title" -> (Function) (arguments, named) -> title(text);
            case "capitalize" -> (Function) (arguments, named) -> capitalize(text);
            case "replace" ->
                (Function) (arguments, named) -> replace(text, textAt(arguments, 0, name), textAt(arguments, 1, name));
            case "find" -> (Function) (arguments, named) -> position(text, textAt(arguments, 0, name));
            case "count" -> (Function) (arguments, named) -> count(text, textAt(arguments, 0, name));
            case "join" -> (Function) (arguments, named) -> join(argument(arguments, 0, name), text);
            default -> new JinjaValues.Undefined(name);
        };
    }

    private static Object argument(List<Object> arguments, int position, String name) {
        if (position >= arguments.size()) {
            throw new JinjaException(name + ": " + arguments.size() + " arguments (expected: more)");
        }
        return arguments.get(position);
    }

    private static String textAt(List<Object> arguments, int position, String name) {
        return JinjaValues.text(argument(arguments, position, name), name);
    }

    private static List<String> anyOf(List<Object> arguments, String name) {
        return argument(arguments, 0, name) instanceof List<?> all
                ? all.stream().map(text -> JinjaValues.text(text, name)).toList()
                : List.of(textAt(arguments, 0, name));
    }

    static String strip(String text, List<Object> arguments, boolean left, boolean right) {
        boolean blanks = arguments.isEmpty() || arguments.get(0) == JinjaValues.NONE;
        String unwanted = blanks ? "" : textAt(arguments, 0, "strip");
        int start = 0;
        int end = text.length();
        while (left && start < end && isUnwanted(text.charAt(start), blanks, unwanted)) {
            start++;
        }
        while (right && end > start && isUnwanted(text.charAt(end - 1), blanks, unwanted)) {
            end--;
        }
        return text.substring(start, end);
    }

    /** Python's white space, which includes the spaces that do not break. */
    private static boolean isUnwanted(char c, boolean blanks, String unwanted) {
        return blanks
                ? Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085'
                : unwanted.indexOf(c) >= 0;
    }

    private static List<Object> split(String text, List<Object> arguments) {
        boolean blanks = arguments.isEmpty() || arguments.get(0) == JinjaValues.NONE;
        int most = arguments.size() > 1 ? (int) Math.min(JinjaValues.integer(arguments.get(1)), 1 << 20) : -1;
        if (blanks) {
            String stripped = text.strip();
            return stripped.isEmpty() ? List.of() : List.of((Object[]) stripped.split("\\s+", most < 0 ? 0 : most + 1));
        }
        String separator = textAt(arguments, 0, "split");
        if (separator.isEmpty()) {
            throw new JinjaException("split: empty (expected: a separator)");
        }
        return List.of((Object[]) text.split(Pattern.quote(separator), most < 0 ? -1 : most + 1));
    }

    static String title(String text) {
        StringBuilder title = new StringBuilder();
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            String c = text.substring(i, i + 1);
            title.append(inWord ? c.toLowerCase(Locale.ROOT) : c.toUpperCase(Locale.ROOT));
            inWord = Character.isLetter(text.charAt(i));
        }
        return title.toString();
    }

    static String capitalize(String text) {
        return text.isEmpty()
                ? text
                : text.substring(0, 1).toUpperCase(Locale.ROOT)
                        + text.substring(1).toLowerCase(Locale.ROOT);
    }

    static String replace(String text, String old, String fresh) {
        long most = old.isEmpty() ? text.length() + 1L : text.length() / old.length();
        if (text.length() + most * fresh.length() > 1 << 26) {
            throw new JinjaException("replace: too long (expected: shorter text)");
        }
        return text.replace(old, fresh);
    }

    private static Object position(String text, String part) {
        int index = text.indexOf(part);
        return index < 0 ? -1L : (long) text.codePointCount(0, index);
    }

    private static Object count(String text, String part) {
        if (part.isEmpty()) {
            return text.codePointCount(0, text.length()) + 1L;
        }
        return (text.length() - (long) text.replace(part, "").length()) / part.length();
    }

    static String join(Object value, String separator) {
        StringBuilder joined = new StringBuilder();
        String before = "";
        for (Object element : JinjaValues.elements(value)) {
            joined.append(before).append(JinjaValues.string(element));
            before = separator;
        }
        return joined.toString();
    }
}
