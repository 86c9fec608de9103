package dev.plinth.providers.cohere;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Answers as the three vendors do, out of the words of the texts: the more words two texts share, the nearer they are. */
final class SearchServer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SearchServer() {}

    static StubAnswer answer(StubRequest request) {
        try {
            JsonNode body = JSON.readTree(request.text());
            return switch (request.path()) {
                case "/v2/embed" -> cohereVectors(body);
                case "/v1/embeddings" -> listedVectors(body);
                case "/v2/rerank", "/v1/rerank" -> ranked(body);
                default -> StubAnswer.json(404, "{\"message\":\"no such path\"}");
            };
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private static StubAnswer cohereVectors(JsonNode body) {
        if (body.get("texts").size() > 96) {
            return StubAnswer.json(400, "{\"id\":\"x\",\"message\":\"invalid request: at most 96 texts\"}");
        }
        ObjectNode answer = JSON.createObjectNode().put("id", "e");
        ArrayNode vectors = answer.putObject("embeddings").putArray("float");
        for (JsonNode text : body.get("texts")) {
            ArrayNode vector = vectors.addArray();
            for (float value :
                    vector(text.asText(), body.path("output_dimension").asInt(64))) {
                vector.add(value);
            }
        }
        answer.putObject("meta").putObject("billed_units").put("input_tokens", 5);
        return StubAnswer.json(answer.toString());
    }

    /** In base64 when asked for, and in another order than the texts. */
    private static StubAnswer listedVectors(JsonNode body) {
        boolean voyage = body.has("encoding_format");
        if (body.get("input").size() > (voyage ? 128 : 512)) {
            return StubAnswer.json(400, "{\"detail\":\"too many texts\"}");
        }
        String lengthField = voyage ? "output_dimension" : "dimensions";
        ObjectNode answer = JSON.createObjectNode().put("object", "list").put("model", "m-dated");
        ArrayNode data = answer.putArray("data");
        for (int i = body.get("input").size() - 1; i >= 0; i--) {
            float[] vector = vector(
                    body.get("input").get(i).asText(), body.path(lengthField).asInt(64));
            data.addObject().put("object", "embedding").put("index", i).put("embedding", base64(vector));
        }
        answer.putObject("usage").put("total_tokens", 5);
        return StubAnswer.json(answer.toString());
    }

    private static StubAnswer ranked(JsonNode body) {
        boolean voyage = body.has("top_k");
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode results = answer.putArray(voyage ? "data" : "results");
        Set<String> query = words(body.get("query").asText());
        List<ObjectNode> all = new ArrayList<>();
        for (int i = 0; i < body.get("documents").size(); i++) {
            Set<String> shared = words(body.get("documents").get(i).asText());
            shared.retainAll(query);
            all.add(JSON.createObjectNode().put("index", i).put("relevance_score", shared.size() / 10.0));
        }
        all.sort((one, other) -> Double.compare(
                other.get("relevance_score").asDouble(),
                one.get("relevance_score").asDouble()));
        int top = body.path(voyage ? "top_k" : "top_n").asInt();
        all.stream().limit(top).forEach(results::add);
        return StubAnswer.json(answer.toString());
    }

    private static float[] vector(String text, int length) {
        float[] vector = new float[length];
        for (String word : words(text)) {
            vector[Math.floorMod(word.hashCode(), length)] += 1;
        }
        text.codePoints().forEach(character -> vector[Math.floorMod(character, length)] += 0.05f);
        return vector;
    }

    private static Set<String> words(String text) {
        Set<String> words = new HashSet<>(List.of(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+")));
        words.remove("");
        return words;
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
