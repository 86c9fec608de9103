package dev.plinth.rag.solr;

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

    /** With its vector. */
    static ObjectNode of(DocumentKeys keys, Chunk chunk, float[] unit) {
        ObjectNode document = Json.object().put(Fields.ID, keys.of(chunk.id()));
        fields(keys, chunk).properties().forEach(field -> document.set(field.getKey(), field.getValue()));
        document.put(Fields.EMBEDDED, "yes");
        document.set(Fields.VECTOR, Json.vector(unit));
        return document;
    }

    /** As a change of the document that is there, if one is: its vector stays. */
    static ObjectNode change(DocumentKeys keys, Chunk chunk) {
        ObjectNode document = Json.object().put(Fields.ID, keys.of(chunk.id()));
        fields(keys, chunk)
                .properties()
                .forEach(field -> document.putObject(field.getKey()).set("set", field.getValue()));
        return document;
    }

    private static ObjectNode fields(DocumentKeys keys, Chunk chunk) {
        ObjectNode fields = Json.object()
                .put(Fields.OWNER, keys.owner())
                .put(Fields.NAME, SearchText.wellFormed(chunk.id()))
                .put(Fields.CONTENT, Base64.getEncoder().encodeToString(StoreBytes.of(chunk)))
                .put(Fields.WORDS, SearchText.wellFormed(SearchText.of(chunk)));
        fields.set(Fields.FACTS, Json.texts(FactTerms.of(chunk.metadata())));
        return fields;
    }

    static Chunk chunk(JsonNode document) {
        return StoreBytes.chunk(content(document));
    }

    static byte[] content(JsonNode document) {
        return Base64.getDecoder().decode(document.path(Fields.CONTENT).asText());
    }

    static Embedded embedded(JsonNode document) {
        JsonNode values = document.path(Fields.VECTOR);
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = values.get(i).floatValue();
        }
        return new Embedded(chunk(document), vector);
    }
}
