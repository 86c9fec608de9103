package dev.plinth.api.retrieval;

import dev.plinth.api.check.Check;

/**
 * A chunk that was found.
 *
 * @param chunk what was found
 * @param score higher is better; its scale is that of the store or retriever
 */
public record Match(Chunk chunk, double score) {

    public Match {
        Check.notNull(chunk, "chunk");
        Check.that(!Double.isNaN(score), "score", score, "a number");
    }
}
