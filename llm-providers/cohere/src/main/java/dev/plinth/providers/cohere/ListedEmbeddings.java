package dev.plinth.providers.cohere;

import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.providers.wire.EmbeddingAnswer;
import dev.plinth.providers.wire.Json;
import java.io.IOException;

/** Reads embeddings as Voyage and Jina answer them, which is as OpenAI does. */
final class ListedEmbeddings {

    private ListedEmbeddings() {}

    static void readField(String field, JsonParser json, EmbeddingAnswer answer) throws IOException {
        switch (field) {
            case "data" -> answer.readList(json);
            case "model" -> answer.model(Json.text(json, null));
            case "usage" -> TokenCounts.read(json, answer.usage());
            default -> {
                if (!answer.errors().read(field, json)) {
                    json.skipChildren();
                }
            }
        }
    }
}
