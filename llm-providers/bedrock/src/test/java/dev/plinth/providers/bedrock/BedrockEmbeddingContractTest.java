package dev.plinth.providers.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.tck.EmbeddingModelContract;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

/** Held to the contract over a server whose vectors come from a hash of the text, one text a call as Titan has it. */
class BedrockEmbeddingContractTest extends EmbeddingModelContract {
    private final StubServer server = StubServer.start().otherwise(BedrockEmbeddingContractTest::answer);
    private final Bedrock bedrock = Bedrock.builder()
            .region("us-east-1")
            .baseUrl(server.url("/").toString())
            .apiKey("bedrock-key")
            .build();

    @AfterEach
    void close() {
        bedrock.close();
        server.close();
    }

    @Override
    protected EmbeddingModel model() {
        return bedrock.embeddingModel("amazon.titan-embed-text-v2:0");
    }

    @Override
    protected Set<Behavior> unsupported() {
        return Set.of(Behavior.MEANING);
    }

    private static StubAnswer answer(StubRequest request) {
        try {
            JsonNode body = Recordings.JSON.readTree(request.text());
            float[] vector = new float[body.path("dimensions").asInt(32)];
            Random random = new Random(body.get("inputText").asText().hashCode());
            for (int i = 0; i < vector.length; i++) {
                vector[i] = (float) random.nextGaussian();
            }
            return StubAnswer.json("{\"embedding\":" + Arrays.toString(vector) + ",\"inputTextTokenCount\":5}");
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }
}
