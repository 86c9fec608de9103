package dev.plinth.api.chat;

import dev.plinth.api.check.Check;

/**
 * What a model is told about a tool.
 *
 * @param name letters, digits, {@code _} and {@code -}, at most 64: what all vendors take
 * @param description when and how to use it
 * @param parameters JSON Schema of the arguments, an object
 */
public record ToolSpec(String name, String description, String parameters) {

    public ToolSpec {
        Check.notBlank(name, "name");
        Check.that(
                name.length() <= 64 && name.chars().allMatch(ToolSpec::allowed),
                "name",
                name,
                "1 to 64 of a-z, A-Z, 0-9, _ and -");
        Check.notNull(description, "description");
        Check.notBlank(parameters, "parameters");
    }

    private static boolean allowed(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '_'
                || character == '-';
    }
}
