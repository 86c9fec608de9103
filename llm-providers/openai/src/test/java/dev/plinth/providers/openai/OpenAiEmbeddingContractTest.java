package dev.plinth.providers.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.tck.EmbeddingModelContract;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

/** Held to the contract over a server whose vectors come from a hash of the text. */
class OpenAiEmbeddingContractTest extends EmbeddingModelContract {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final StubServer server = StubServer.start().otherwise(OpenAiEmbeddingContractTest::answer);
    private final OpenAi openAi =
            OpenAi.builder().baseUrl(server.url("/v1").toString()).build();

    @AfterEach
    void close() {
        openAi.close();
        server.close();
    }

    @Override
    protected EmbeddingModel model() {
        return openAi.embeddingModel("m");
    }

    @Override
    protected Set<Behavior> unsupported() {
        return Set.of(Behavior.MEANING);
    }

    private static StubAnswer answer(StubRequest request) {
        try {
            JsonNode body = JSON.readTree(request.text());
            int length = body.path("dimensions").asInt(32);
            List<String> entries = new ArrayList<>();
            for (JsonNode text : body.get("input")) {
                entries.add("{\"object\":\"embedding\",\"index\":" + entries.size() + ",\"embedding\":\""
                        + base64(text.asText(), length) + "\"}");
            }
            Collections.reverse(entries); // the order is the index's, not the array's
            return StubAnswer.json("{\"object\":\"list\",\"data\":[" + String.join(",", entries)
                    + "],\"model\":\"m-dated\",\"usage\":{\"prompt_tokens\":5,\"total_tokens\":5}}");
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private static String base64(String text, int length) {
        Random random = new Random(text.hashCode());
        ByteBuffer bytes = ByteBuffer.allocate(length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < length; i++) {
            bytes.putFloat((float) random.nextGaussian());
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
