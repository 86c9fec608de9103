package dev.plinth.api.score;

import dev.plinth.api.check.Check;

/**
 * Who judged.
 *
 * @param kind a person, a model or code
 * @param name pseudonymous id of the person, or name and version of the model or rule
 */
public record Annotator(Kind kind, String name) {

    /** Kinds of judges. */
    public enum Kind {
        HUMAN,
        MODEL,
        CODE
    }

    public Annotator {
        Check.notNull(kind, "kind");
        Check.notBlank(name, "name");
    }
}
