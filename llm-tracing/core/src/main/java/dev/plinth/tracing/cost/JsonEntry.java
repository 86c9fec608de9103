package dev.plinth.tracing.cost;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An object of a JSON file, read strictly. What is wrong goes to the list of problems, and the value is null then. */
final class JsonEntry {

    private static final Pattern DECIMAL = Pattern.compile("\\d{1,12}(\\.\\d{1,12})?");

    private final Map<?, ?> values;
    private final String path;
    private final List<String> problems;

    private JsonEntry(Map<?, ?> values, String path, List<String> problems) {
        this.values = values;
        this.path = path;
        this.problems = problems;
    }

    /**
     * The value as an object, or null.
     *
     * @param path of the object in the file; empty for the file itself
     * @param keys all it may have
     */
    static @Nullable JsonEntry of(Object value, String path, List<String> problems, List<String> keys) {
        if (!(value instanceof Map<?, ?> values)) {
            problems.add((path.isEmpty() ? "file" : path) + ": " + show(value) + " (expected: an object of "
                    + String.join(", ", keys) + ")");
            return null;
        }
        JsonEntry entry = new JsonEntry(values, path, problems);
        for (Object key : values.keySet()) {
            if (!keys.contains(key)) {
                entry.problem(String.valueOf(key), "unknown key", "one of " + String.join(", ", keys));
            }
        }
        return entry;
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /** A text without blanks. */
    @Nullable
    String name(String key) {
        return text(key, JsonEntry::isName, "a text without blanks");
    }

    @Nullable
    String text(String key, Predicate<String> allowed, String expected) {
        return read(key, expected, value -> value instanceof String text && allowed.test(text) ? text : null);
    }

    /** A number of at least 0, written without an exponent. */
    @Nullable
    BigDecimal amount(String key) {
        return read(key, "a number >= 0", JsonEntry::number);
    }

    @Nullable
    Integer count(String key) {
        return read(key, "a whole number > 0", value -> {
            BigDecimal number = number(value);
            if (number == null
                    || number.signum() == 0
                    || number.stripTrailingZeros().scale() > 0) {
                return null;
            }
            return number.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0 ? number.intValue() : null;
        });
    }

    @Nullable
    LocalDate date(String key) {
        return read(key, "a date, such as 2026-11-01", value -> {
            try {
                return value instanceof String text ? LocalDate.parse(text) : null;
            } catch (DateTimeParseException broken) {
                return null;
            }
        });
    }

    @Nullable
    Currency currency(String key) {
        return read(key, "an ISO 4217 code, such as USD", value -> {
            try {
                return value instanceof String code ? Currency.getInstance(code) : null;
            } catch (IllegalArgumentException unknown) {
                return null;
            }
        });
    }

    /** Whether it says true; false when the key is not there. */
    boolean flag(String key) {
        return has(key)
                && Boolean.TRUE.equals(
                        read(key, "true or false", value -> value instanceof Boolean flag ? flag : null));
    }

    /** The names of a list; empty when the key is not there. */
    List<String> names(String key) {
        List<String> names = new ArrayList<>();
        List<?> items = has(key) ? list(key) : List.of();
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof String name && isName(name) && !names.contains(name)) {
                names.add(name);
            } else {
                problem(key + "[" + i + "]", show(items.get(i)), "a text without blanks, each once");
            }
        }
        return names;
    }

    /** The objects of a list; empty when the key is not there. */
    List<JsonEntry> entries(String key, List<String> keys) {
        List<JsonEntry> entries = new ArrayList<>();
        List<?> items = has(key) ? list(key) : List.of();
        for (int i = 0; i < items.size(); i++) {
            JsonEntry entry = of(items.get(i), at(key) + "[" + i + "]", problems, keys);
            if (entry != null) {
                entries.add(entry);
            }
        }
        return entries;
    }

    /** The object of a key; null when the key is not there. */
    @Nullable
    JsonEntry entry(String key, List<String> keys) {
        Object value = values.get(key);
        return value == null ? null : of(value, at(key), problems, keys);
    }

    private List<?> list(String key) {
        List<?> list = read(key, "a list", value -> value instanceof List<?> items ? items : null);
        return list == null ? List.of() : list;
    }

    <T> @Nullable T read(String key, String expected, Function<Object, @Nullable T> parse) {
        Object value = values.get(key);
        if (value == null) {
            problem(key, "missing", expected);
            return null;
        }
        T parsed = parse.apply(value);
        if (parsed == null) {
            problem(key, show(value), expected);
        }
        return parsed;
    }

    void problem(String key, String value, String expected) {
        problems.add(at(key) + ": " + value + " (expected: " + expected + ")");
    }

    private String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static boolean isName(String text) {
        return !text.isEmpty() && text.chars().noneMatch(Character::isWhitespace);
    }

    private static @Nullable BigDecimal number(Object value) {
        return value instanceof JsonFile.Numeral numeral
                        && DECIMAL.matcher(numeral.text()).matches()
                ? new BigDecimal(numeral.text())
                : null;
    }

    private static String show(Object value) {
        if (value instanceof Map) {
            return "an object";
        }
        if (value instanceof List) {
            return "a list";
        }
        String text = value instanceof JsonFile.Numeral numeral ? numeral.text() : value.toString();
        return text.isEmpty() ? "nothing" : text;
    }
}
