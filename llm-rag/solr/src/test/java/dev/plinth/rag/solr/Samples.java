package dev.plinth.rag.solr;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import java.util.List;
import java.util.Random;

/** Chunks to try things with. */
final class Samples {
    private Samples() {}

    static Chunk chunk(String id, String text, Metadata metadata) {
        Chunk.Span span = new Chunk.Span(0, text.length(), 1, 1);
        return new Chunk(id, "doc", "docs/" + id + ".md", text, span, List.of(), metadata);
    }

    static Chunk chunk(String id, String text) {
        return chunk(id, text, Metadata.NONE);
    }

    static Embedded embedded(String id, String text, float... vector) {
        return new Embedded(chunk(id, text), vector);
    }

    static List<String> ids(List<Match> matches) {
        return matches.stream().map(match -> match.chunk().id()).toList();
    }

    static float[] random(Random random, int dimensions) {
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }
}
