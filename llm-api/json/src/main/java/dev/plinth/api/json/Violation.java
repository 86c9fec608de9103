package dev.plinth.api.json;

import dev.plinth.api.check.Check;

/**
 * One thing that is wrong with a JSON text. Holds no value of that text, but names of properties a model made up, and what
 * a record says that refuses its values.
 *
 * @param path where, such as {@code $.steps[2].text}; {@code $} is the whole text
 * @param problem what is there and what was expected, such as {@code string (expected: integer)}
 */
public record Violation(String path, String problem) {

    public Violation {
        Check.notBlank(path, "path");
        Check.notBlank(problem, "problem");
    }

    /** Path and problem. */
    @Override
    public String toString() {
        return path + ": " + problem;
    }
}
