package dev.plinth.providers.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.tck.EmbeddingModelContract;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import java.util.Set;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterEach;

/** Held to the contract over a server whose vectors come from a hash of the text. */
class OllamaEmbeddingContractTest extends EmbeddingModelContract {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final StubServer server = StubServer.start().otherwise(OllamaEmbeddingContractTest::answer);
    private final Ollama ollama =
            Ollama.builder().baseUrl(server.url("/").toString()).build();

    @AfterEach
    void close() {
        ollama.close();
        server.close();
    }

    @Override
    protected EmbeddingModel model() {
        return ollama.embeddingModel("m");
    }

    @Override
    protected Set<Behavior> unsupported() {
        return Set.of(Behavior.MEANING);
    }

    /** More than go into one call. */
    @Override
    protected int many() {
        return 600;
    }

    private static StubAnswer answer(StubRequest request) {
        try {
            JsonNode body = JSON.readTree(request.text());
            if (body.get("input").size() > 512) {
                return StubAnswer.json(400, "{\"error\":\"too many\"}");
            }
            StringJoiner vectors = new StringJoiner(",", "[", "]");
            for (JsonNode text : body.get("input")) {
                Random random = new Random(text.asText().hashCode());
                StringJoiner vector = new StringJoiner(",", "[", "]");
                random.doubles(body.path("dimensions").asInt(32), -1, 1).forEach(value -> vector.add("" + value));
                vectors.add(vector.toString());
            }
            return StubAnswer.json("{\"model\":\"m\",\"embeddings\":" + vectors + ",\"prompt_eval_count\":8}");
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }
}
