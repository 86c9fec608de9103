package dev.plinth.api.retrieval;

import dev.plinth.api.check.Check;

/**
 * A chunk with its vector.
 *
 * @param chunk what is found
 * @param vector by what it is found; the store copies it
 */
public record Embedded(Chunk chunk, float[] vector) {

    public Embedded {
        Check.notNull(chunk, "chunk");
        Check.notNull(vector, "vector");
    }

    @Override
    public String toString() {
        return "Embedded[" + chunk.id() + ", " + vector.length + " dimensions]";
    }
}
