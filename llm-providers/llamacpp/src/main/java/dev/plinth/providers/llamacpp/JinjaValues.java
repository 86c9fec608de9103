package dev.plinth.providers.llamacpp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of a template and what Python does with them. They are {@link String}, {@link Long}, {@link Double},
 * {@link Boolean}, {@link List}, {@link Map}, {@link Function}, {@link #NONE} and {@link Undefined}.
 */
final class JinjaValues {

    /** Python's None. */
    static final Object NONE = new Object() {
        @Override
        public String toString() {
            return "None";
        }
    };

    /** What a name stands for that nobody set: prints as nothing, is false, and has nothing in it. */
    record Undefined(String name) {
        JinjaException error() {
            return new JinjaException(name + ": undefined (expected: a value)");
        }
    }

    /** Something that can be called. */
    interface Function {
        Object call(List<Object> arguments, Map<String, Object> named);
    }

    private static final int MAX_TEXT = 1 << 24;

    private JinjaValues() {}

    static boolean truth(Object value) {
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        if (value instanceof List<?> list) {
            return !list.isEmpty();
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        if (isNumber(value)) {
            return number(value) != 0;
        }
        return value != NONE && !(value instanceof Undefined);
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    static double number(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw new JinjaException(kind(value) + ": in a calculation (expected: a number)");
    }

    static long integer(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        if (value instanceof Long number) {
            return number;
        }
        throw new JinjaException(kind(value) + " (expected: an integer)");
    }

    private static boolean isInteger(Object value) {
        return value instanceof Long || value instanceof Boolean;
    }

    /** The name of the type, for messages: a value may be what somebody wrote. */
    static String kind(Object value) {
        if (value instanceof Undefined undefined) {
            return undefined.name() + " is undefined";
        }
        return value == NONE ? "None" : value.getClass().getSimpleName();
    }

    static boolean equal(Object left, Object right) {
        if (isNumber(left) && isNumber(right)) {
            return number(left) == number(right);
        }
        if (left instanceof List<?> one && right instanceof List<?> other) {
            return one.size() == other.size() && sameElements(one, other);
        }
        if (left instanceof Undefined || right instanceof Undefined) {
            return left instanceof Undefined && right instanceof Undefined;
        }
        return left.equals(right);
    }

    private static boolean sameElements(List<?> one, List<?> other) {
        for (int i = 0; i < one.size(); i++) {
            if (!equal(one.get(i), other.get(i))) {
                return false;
            }
        }
        return true;
    }

    static int compare(Object left, Object right) {
        if (left instanceof String one && right instanceof String other) {
            return one.compareTo(other);
        }
        return Double.compare(number(left), number(right));
    }

    static boolean contains(Object container, Object item) {
        if (container instanceof String text) {
            return text.contains(text(item, "in"));
        }
        if (container instanceof List<?> list) {
            return list.stream().anyMatch(element -> equal(element, item));
        }
        if (container instanceof Map<?, ?> map) {
            return map.containsKey(item);
        }
        if (container instanceof Undefined) {
            return false;
        }
        throw new JinjaException(kind(container) + ": after in (expected: text, a list or a dict)");
    }

    static String text(Object value, String where) {
        if (value instanceof String text) {
            return text;
        }
        throw new JinjaException(where + ": " + kind(value) + " (expected: text)");
    }

    static Object add(Object left, Object right) {
        if (left instanceof String one && right instanceof String other) {
            return joined(one, other);
        }
        if (left instanceof List<?> one && right instanceof List<?> other) {
            List<Object> all = new ArrayList<>(one);
            all.addAll(other);
            return all;
        }
        return calculate('+', left, right);
    }

    static String joined(String one, String other) {
        if (one.length() + (long) other.length() > MAX_TEXT) {
            throw new JinjaException("text: too long (expected: at most " + MAX_TEXT + " characters)");
        }
        return one + other;
    }

    static Object calculate(char operator, Object left, Object right) {
        if (operator == '*' && left instanceof String text && isInteger(right)) {
            long times = Math.max(0, integer(right));
            if (times > MAX_TEXT / Math.max(1, text.length())) {
                throw new JinjaException("text: too long (expected: at most " + MAX_TEXT + " characters)");
            }
            return text.repeat((int) times);
        }
        if (isInteger(left) && isInteger(right) && operator != '/' && operator != '^') {
            return calculateIntegers(operator, integer(left), integer(right));
        }
        double one = number(left);
        double other = number(right);
        if (other == 0 && (operator == '/' || operator == '%' || operator == ':')) {
            throw new JinjaException("division: by 0 (expected: another number)");
        }
        return switch (operator) {
            case '+' -> one + other;
            case '-' -> one - other;
            case '*' -> one * other;
            case '/' -> one / other;
            case ':' -> Math.floor(one / other);
            case '%' -> one - other * Math.floor(one / other);
            default -> power(left, right);
        };
    }

    private static Object calculateIntegers(char operator, long one, long other) {
        try {
            return switch (operator) {
                case '+' -> Math.addExact(one, other);
                case '-' -> Math.subtractExact(one, other);
                case '*' -> Math.multiplyExact(one, other);
                case ':' -> Math.floorDiv(one, other);
                default -> Math.floorMod(one, other);
            };
        } catch (ArithmeticException e) {
            throw new JinjaException("calculation: overflow or division by 0 (expected: 64 bits)");
        }
    }

    private static Object power(Object left, Object right) {
        double result = Math.pow(number(left), number(right));
        boolean whole = isInteger(left) && isInteger(right) && number(right) >= 0 && Math.abs(result) < 1L << 53;
        return whole ? (Object) (long) result : (Object) result;
    }

    /** Everything in it, as a for loop sees it. */
    static List<Object> elements(Object value) {
        if (value instanceof List<?> list) {
            return new ArrayList<>(list);
        }
        if (value instanceof Map<?, ?> map) {
            return new ArrayList<>(map.keySet());
        }
        if (value instanceof String text) {
            return text.codePoints()
                    .mapToObj(Character::toString)
                    .map(Object.class::cast)
                    .toList();
        }
        if (value instanceof Undefined) {
            return List.of();
        }
        throw new JinjaException(kind(value) + ": in a loop (expected: a list, a dict or text)");
    }

    /** What {@code value[key]} is; {@link Undefined} when there is none. */
    static Object item(Object value, Object key) {
        if (value instanceof Map<?, ?> map) {
            Object found = map.get(key);
            return found == null ? new Undefined(key instanceof String name ? name : "item") : found;
        }
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (isInteger(key) && (value instanceof List<?> || value instanceof String)) {
            List<Object> all = elements(value);
            long index = integer(key) < 0 ? integer(key) + all.size() : integer(key);
            return index >= 0 && index < all.size() ? all.get((int) index) : new Undefined("item");
        }
        return new Undefined(key instanceof String name ? name : "item");
    }

    /** Python's slice; NONE where a bound is left out. */
    static Object slice(Object value, Object from, Object to, Object by) {
        List<Object> all = elements(value);
        long step = by == NONE ? 1 : integer(by);
        if (step == 0) {
            throw new JinjaException("slice: step 0 (expected: another step)");
        }
        long start = bound(from, step > 0 ? 0 : all.size() - 1L, all.size(), step);
        long end = to == NONE ? (step > 0 ? all.size() : -1) : bound(to, 0, all.size(), step);
        List<Object> part = new ArrayList<>();
        for (long i = start; step > 0 ? i < end : i > end; i += step) {
            part.add(all.get((int) i));
        }
        if (value instanceof String) {
            StringBuilder text = new StringBuilder();
            part.forEach(text::append);
            return text.toString();
        }
        return part;
    }

    private static long bound(Object given, long otherwise, int size, long step) {
        if (given == NONE) {
            return otherwise;
        }
        long index = integer(given) < 0 ? integer(given) + size : integer(given);
        return step > 0 ? Math.max(0, Math.min(index, size)) : Math.max(-1, Math.min(index, size - 1L));
    }

    /** What Python's str makes of it. */
    static String string(Object value) {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        if (value instanceof Undefined) {
            return "";
        }
        if (value == NONE || isNumber(value)) {
            return value.toString();
        }
        throw new JinjaException(kind(value) + ": printed (expected: text or a number; a list by tojson)");
    }

    static Map<String, Object> dict(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new JinjaException(kind(value) + " (expected: a dict)");
        }
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, element) -> copy.put(string(key), element));
        return copy;
    }
}
