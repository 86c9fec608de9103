package dev.plinth.bench;

import dev.plinth.api.check.Check;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The options of a command line: {@code COMMAND --name value --flag --name value}. */
final class Options {
    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /** Reads a command line in which all options have a value. */
    static Options parse(String[] arguments) {
        return parse(arguments, Set.of());
    }

    /**
     * Reads a command line.
     *
     * @param flags the options without a value
     */
    static Options parse(String[] arguments, Set<String> flags) {
        Map<String, String> values = new HashMap<>();
        int i = 1;
        while (i < arguments.length) {
            Check.that(arguments[i].startsWith("--"), "option", arguments[i], "a name that starts with --");
            String name = arguments[i++].substring(2);
            boolean flag = flags.contains(name);
            Check.that(flag || i < arguments.length, "option", "--" + name, "a value after it");
            values.put(name, flag ? "" : arguments[i++]);
        }
        return new Options(values);
    }

    boolean flag(String name) {
        return values.containsKey(name);
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    int number(String name, int otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    double decimal(String name, double otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : Double.parseDouble(value);
    }

    Optional<Path> path(String name) {
        return text(name).map(Path::of);
    }

    Path requiredPath(String name) {
        return path(name).orElseThrow(() -> new IllegalArgumentException("--" + name + ": missing (expected: a path)"));
    }
}
