package dev.plinth.providers.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.tck.EmbeddingModelContract;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

/** Held to the contract over a server whose vectors come from a hash of the text. */
class GeminiEmbeddingContractTest extends EmbeddingModelContract {
    private final StubServer server = StubServer.start().otherwise(GeminiEmbeddingContractTest::answer);
    private final Gemini gemini =
            Gemini.builder().baseUrl(server.url("/").toString()).build();

    @AfterEach
    void close() {
        gemini.close();
        server.close();
    }

    @Override
    protected EmbeddingModel model() {
        return gemini.embeddingModel("m");
    }

    @Override
    protected Set<Behavior> unsupported() {
        return Set.of(Behavior.MEANING);
    }

    private static StubAnswer answer(StubRequest request) {
        List<String> vectors = new ArrayList<>();
        for (JsonNode each : Answers.json(request.text()).get("requests")) {
            String text = each.at("/content/parts/0/text").asText();
            vectors.add("{\"values\":"
                    + vector(text, each.path("outputDimensionality").asInt(32)) + "}");
        }
        return StubAnswer.json("{\"embeddings\":[" + String.join(",", vectors) + "]}");
    }

    private static List<Double> vector(String text, int length) {
        Random random = new Random(text.hashCode());
        List<Double> numbers = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            numbers.add(random.nextGaussian());
        }
        return numbers;
    }
}
