package dev.plinth.rag.qdrant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Value;
import dev.plinth.rag.index.FactTerms;
import dev.plinth.rag.index.StoreBytes;
import dev.plinth.rag.text.SearchText;
import java.util.Base64;
import java.util.List;

/** A chunk as the payload of a point: whole in one field, and what it is filtered by in others. */
final class Payload {
    /** All of it, in Base64. */
    static final String CHUNK = "chunk";

    static final String TENANT = "tenant";
    /** {@link FactTerms}. */
    static final String FACTS = "facts";
    /** What can be compared by order: the field, and {@link Lanes}. */
    static final String ORDERED = "ordered";

    static final String FIELD = "field";

    /** The term that every chunk has. */
    static final String ANY = "K";

    private static final String ID = "id";
    private static final String TEXT = "text";

    private Payload() {}

    static ObjectNode of(Chunk chunk, String owner) {
        ObjectNode payload = Json.object()
                .put(ID, SearchText.wellFormed(chunk.id()))
                .put(TEXT, SearchText.wellFormed(chunk.text()))
                .put(CHUNK, Base64.getEncoder().encodeToString(StoreBytes.of(chunk)))
                .put(TENANT, owner);
        payload.set(FACTS, Json.texts(FactTerms.of(chunk.metadata())).add(ANY));
        payload.set(ORDERED, ordered(chunk.metadata()));
        return payload;
    }

    private static ArrayNode ordered(Metadata metadata) {
        ArrayNode all = Json.MAPPER.createArrayNode();
        metadata.values().forEach((field, value) -> {
            if (value.isNumber() || value instanceof Value.Text) {
                ObjectNode one = all.addObject().put(FIELD, field(field, value));
                List<Long> lanes = Lanes.of(value);
                for (int i = 0; i < lanes.size(); i++) {
                    one.put(lane(i), lanes.get(i));
                }
            }
        });
        return all;
    }

    /** The term of a field that has values of this kind. */
    static String field(String name, Value value) {
        return (value.isNumber() ? "N" : "T") + FactTerms.of(name);
    }

    static String lane(int number) {
        return "lane" + number;
    }

    static Chunk chunk(JsonNode payload) {
        return StoreBytes.chunk(Base64.getDecoder().decode(payload.path(CHUNK).asText()));
    }
}
