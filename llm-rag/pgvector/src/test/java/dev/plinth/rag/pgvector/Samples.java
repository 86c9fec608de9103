package dev.plinth.rag.pgvector;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.VectorStore;
import java.util.List;
import java.util.Random;

/** Chunks and vectors for tests. */
final class Samples {
    static final VectorStore.Stamp STAMP = new VectorStore.Stamp("model", 4);

    private Samples() {}

    static PgVectorIndex.Builder builder(String schema) {
        return PgVectorIndex.builder(TestServer.postgresql().dataSource(), STAMP)
                .schema(schema);
    }

    static Chunk chunk(String id, String text) {
        return chunk(id, text, Metadata.NONE);
    }

    static Chunk chunk(String id, String text, Metadata metadata) {
        return new Chunk(
                id, "doc of " + id, "source", text, new Chunk.Span(0, text.length(), 1, 1), List.of(), metadata);
    }

    static Embedded embedded(String id, String text, float... vector) {
        return new Embedded(chunk(id, text), vector);
    }

    static float[] random(Random random, int dimensions) {
        float[] vector = new float[dimensions];
        for (int d = 0; d < dimensions; d++) {
            vector[d] = (float) random.nextGaussian();
        }
        return vector;
    }

    static List<String> ids(List<Match> matches) {
        return matches.stream().map(match -> match.chunk().id()).toList();
    }
}
