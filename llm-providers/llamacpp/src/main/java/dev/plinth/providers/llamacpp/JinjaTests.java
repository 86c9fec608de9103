package dev.plinth.providers.llamacpp;

import java.util.List;
import java.util.Map;

/** What can stand behind {@code is}. */
final class JinjaTests {

    private JinjaTests() {}

    static boolean test(String name, Object value, List<Object> arguments) {
        return switch (name) {
            case "defined" -> !(value instanceof JinjaValues.Undefined);
            case "undefined" -> value instanceof JinjaValues.Undefined;
            case "none" -> value == JinjaValues.NONE;
            case "string" -> value instanceof String;
            case "number" -> JinjaValues.isNumber(value);
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "mapping" -> value instanceof Map;
            case "iterable", "sequence" ->
                value instanceof List
                        || value instanceof Map
                        || value instanceof String
                        || value instanceof JinjaValues.Undefined;
            case "callable" -> value instanceof JinjaValues.Function;
            case "odd" -> Math.floorMod(JinjaValues.integer(value), 2L) == 1;
            case "even" -> Math.floorMod(JinjaValues.integer(value), 2L) == 0;
            case "lower" -> JinjaValues.string(value).chars().noneMatch(Character::isUpperCase);
            case "upper" -> JinjaValues.string(value).chars().noneMatch(Character::isLowerCase);
            default -> compare(name, value, argument(name, arguments));
        };
    }

    private static boolean compare(String name, Object value, Object other) {
        return switch (name) {
            case "equalto", "eq" -> JinjaValues.equal(value, other);
            case "ne" -> !JinjaValues.equal(value, other);
            case "lt" -> JinjaValues.compare(value, other) < 0;
            case "le" -> JinjaValues.compare(value, other) <= 0;
            case "gt" -> JinjaValues.compare(value, other) > 0;
            case "ge" -> JinjaValues.compare(value, other) >= 0;
            case "in" -> JinjaValues.contains(other, value);
            case "divisibleby" -> JinjaValues.equal(JinjaValues.calculate('%', value, other), 0L);
            default -> throw new JinjaException("test " + name + ": unknown (expected: one of chat templates)");
        };
    }

    private static Object argument(String name, List<Object> arguments) {
        if (arguments.size() != 1) {
            throw new JinjaException("test " + name + ": " + arguments.size() + " arguments (expected: 1)");
        }
        return arguments.get(0);
    }
}
