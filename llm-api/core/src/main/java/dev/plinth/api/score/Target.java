package dev.plinth.api.score;

import dev.plinth.api.check.Check;

/**
 * What is judged.
 *
 * @param kind of thing
 * @param id of the interaction, of the response or of the chunk
 */
public record Target(Kind kind, String id) {

    /** Kinds of things. */
    public enum Kind {
        INTERACTION,
        RESPONSE,
        CHUNK
    }

    public Target {
        Check.notNull(kind, "kind");
        Check.notBlank(id, "id");
    }

    /** The interaction of this id. */
    public static Target interaction(String id) {
        return new Target(Kind.INTERACTION, id);
    }
}
