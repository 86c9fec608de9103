package dev.plinth.providers.gemini;

import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.providers.wire.EmbeddingAnswer;
import dev.plinth.providers.wire.Json;
import java.io.IOException;

/** Reads the vectors of an answer: one, several, or what Vertex AI predicts. */
final class EmbeddingReader {

    private static final long NOT_SAID = -1;

    private EmbeddingReader() {}

    /** Reads one field of the answer. */
    static void read(String field, JsonParser json, EmbeddingAnswer answer) throws IOException {
        switch (field) {
            case "embeddings" -> {
                for (boolean more = Json.isArray(json); more && Json.nextElement(json); ) {
                    readEmbedding(json, answer);
                }
            }
            case "embedding" -> readEmbedding(json, answer);
            case "predictions" -> readPredictions(json, answer);
            case "usageMetadata" -> new UsageMetadata().read(json, answer.usage());
            default -> {
                if (!answer.errors().read(field, json)) {
                    json.skipChildren();
                }
            }
        }
    }

    private static void readPredictions(JsonParser json, EmbeddingAnswer answer) throws IOException {
        long tokens = NOT_SAID;
        for (boolean next = Json.isArray(json); next && Json.nextElement(json); ) {
            long more = readPrediction(json, answer);
            tokens = more < 0 ? tokens : Math.max(0, tokens) + more;
        }
        answer.usage().input(tokens);
    }

    /** Returns how many tokens the text had. */
    private static long readPrediction(JsonParser json, EmbeddingAnswer answer) throws IOException {
        if (Json.isObject(json)) {
            long tokens = NOT_SAID;
            boolean found = false;
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                if (field.equals("embeddings") && !found) {
                    found = true;
                    tokens = readEmbedding(json, answer);
                } else {
                    json.skipChildren();
                }
            }
            if (found) {
                return tokens;
            }
        }
        answer.add(answer.nextIndex(), null);
        return NOT_SAID;
    }

    /** Returns how many tokens the text had, where it says so. */
    private static long readEmbedding(JsonParser json, EmbeddingAnswer answer) throws IOException {
        float[] vector = null;
        long tokens = NOT_SAID;
        if (Json.isObject(json)) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                switch (field) {
                    case "values" -> vector = answer.vector(json);
                    case "statistics" -> tokens = readTokens(json);
                    default -> json.skipChildren();
                }
            }
        }
        answer.add(answer.nextIndex(), vector);
        return tokens;
    }

    private static long readTokens(JsonParser json) throws IOException {
        long tokens = NOT_SAID;
        if (Json.isObject(json)) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                if (field.equals("token_count") || field.equals("tokenCount")) {
                    tokens = Json.number(json, tokens);
                } else {
                    json.skipChildren();
                }
            }
        }
        return tokens;
    }
}
