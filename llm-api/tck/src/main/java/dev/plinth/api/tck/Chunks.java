package dev.plinth.api.tck;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import java.util.List;

/** Chunks for the suites. */
final class Chunks {
    private Chunks() {}

    static Chunk of(String id) {
        return of(id, "Text of " + id, Metadata.NONE);
    }

    static Chunk of(String id, String text, Metadata metadata) {
        Chunk.Span span = new Chunk.Span(0, text.length(), 1, 1);
        return new Chunk(id, "doc-" + id, "source of " + id, text, span, List.of(), metadata);
    }

    static List<String> ids(List<Match> matches) {
        return matches.stream().map(match -> match.chunk().id()).toList();
    }
}
