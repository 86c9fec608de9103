package dev.plinth.rag.lucene;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import java.util.List;

/** Short ways to chunks. */
final class Chunks {
    private Chunks() {}

    static Chunk chunk(String id, String text) {
        return chunk(id, text, Metadata.NONE);
    }

    static Chunk chunk(String id, String text, Metadata metadata) {
        return new Chunk(id, "doc", "source", text, new Chunk.Span(0, text.length(), 1, 1), List.of(), metadata);
    }

    static Embedded embedded(String id, float... vector) {
        return new Embedded(chunk(id, "text of " + id), vector);
    }

    static List<String> ids(List<Match> matches) {
        return matches.stream().map(match -> match.chunk().id()).toList();
    }
}
