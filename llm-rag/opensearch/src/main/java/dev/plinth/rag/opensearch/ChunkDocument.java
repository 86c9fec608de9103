package dev.plinth.rag.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.rag.index.DocumentKeys;
import dev.plinth.rag.index.FactTerms;
import dev.plinth.rag.index.StoreBytes;
import dev.plinth.rag.text.SearchText;
import java.util.Base64;

/** A chunk as a document: whole in one field, and what it is found by in others. */
final class ChunkDocument {
    private ChunkDocument() {}

    static ObjectNode of(DocumentKeys keys, Chunk chunk) {
        ObjectNode document = Json.object()
                .put(Fields.KEY, keys.of(chunk.id()))
                .put(Fields.OWNER, keys.owner())
                .put(Fields.NAME, SearchText.wellFormed(chunk.id()))
                .put(Fields.CONTENT, Base64.getEncoder().encodeToString(StoreBytes.of(chunk)))
                .put(Fields.WORDS, SearchText.wellFormed(SearchText.of(chunk)));
        return document.set(Fields.FACTS, Json.texts(FactTerms.of(chunk.metadata())));
    }

    static ObjectNode of(DocumentKeys keys, Chunk chunk, float[] unit) {
        return of(keys, chunk).put(Fields.EMBEDDED, "yes").set(Fields.VECTOR, Json.vector(unit));
    }

    static byte[] content(JsonNode source) {
        return Base64.getDecoder().decode(source.path(Fields.CONTENT).asText());
    }

    static Chunk chunk(JsonNode source) {
        return StoreBytes.chunk(content(source));
    }

    static Embedded embedded(JsonNode source) {
        JsonNode values = source.path(Fields.VECTOR);
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = values.get(i).floatValue();
        }
        return new Embedded(chunk(source), vector);
    }
}
