package dev.plinth.bench;

import dev.plinth.api.check.Check;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The options of a command line: {@code COMMAND --name value --name value}. */
final class Options {
    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    static Options parse(String[] arguments) {
        Map<String, String> values = new HashMap<>();
        for (int i = 1; i < arguments.length; i += 2) {
            Check.that(arguments[i].startsWith("--"), "option", arguments[i], "a name that starts with --");
            Check.that(i + 1 < arguments.length, "option", arguments[i], "a value after it");
            values.put(arguments[i].substring(2), arguments[i + 1]);
        }
        return new Options(values);
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

    Optional<Path> path(String name) {
        return text(name).map(Path::of);
    }

    Path requiredPath(String name) {
        return path(name).orElseThrow(() -> new IllegalArgumentException("--" + name + ": missing (expected: a path)"));
    }
}
