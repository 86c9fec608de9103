package dev.plinth.rag;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import java.util.List;

/** Short ways to chunks. */
public final class Chunks {
    private Chunks() {}

    public static Chunk chunk(String id, String text) {
        return chunk(id, text, Metadata.NONE);
    }

    public static Chunk chunk(String id, String text, Metadata metadata) {
        int lines = 1 + (int) text.chars().filter(c -> c == '\n').count();
        return new Chunk(
                id,
                "doc-" + id,
                id + ".md",
                text,
                new Chunk.Span(0, text.length(), 1, lines),
                List.of(),
                Readers.EVERYONE.on(metadata));
    }

    public static Embedded embedded(Chunk chunk) {
        return new Embedded(chunk, WordVectors.vector(chunk.text()));
    }
}
