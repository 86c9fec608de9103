package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.usage.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmbeddingAnswersTest {
    private final StubServer server = StubServer.start();
    private final OpenAi openAi =
            OpenAi.builder().baseUrl(server.url("/v1").toString()).build();
    private final EmbeddingModel model = openAi.embeddingModel("m");

    @AfterEach
    void close() {
        openAi.close();
        server.close();
    }

    private EmbeddingResponse answer(String data, String... texts) {
        server.enqueue(StubAnswer.json("{\"object\":\"list\",\"data\":" + data + ",\"model\":\"m-dated\"}"));
        return model.embed(EmbeddingRequest.documents(List.of(texts)));
    }

    private static String entry(int index, String embedding) {
        return "{\"object\":\"embedding\",\"index\":" + index + ",\"embedding\":" + embedding + "}";
    }

    private void malformed(String message, String data, String... texts) {
        LlmException error = catchThrowableOfType(LlmException.class, () -> answer(data, texts));
        assertThat(error).as(data).isInstanceOf(MalformedResponseException.class);
        assertThat(error.getMessage()).startsWith(message);
    }

    @Test
    void indexDecidesTheOrder() {
        EmbeddingResponse response = answer("[" + entry(1, "[3,4.5]") + "," + entry(0, "[1,-2e-1]") + "]", "a", "b");
        assertThat(response.vectors()).containsExactly(new float[] {1, -0.2f}, new float[] {3, 4.5f});
        assertThat(response.model()).isEqualTo("m-dated");
        assertThat(response.usage()).isEqualTo(Usage.UNKNOWN);
    }

    @Test
    void withoutAnIndexThePositionDecides() {
        assertThat(answer("[{\"embedding\":[1]},{\"embedding\":[2]}]", "a", "b").vectors())
                .containsExactly(new float[] {1}, new float[] {2});
    }

    @Test
    void base64AndFloatsMayBeMixed() {
        assertThat(answer("[" + entry(0, "\"AACAPgAAAL8AAIA/\"") + "," + entry(1, "[1,2,3]") + "]", "a", "b")
                        .vectors())
                .containsExactly(new float[] {0.25f, -0.5f, 1}, new float[] {1, 2, 3});
    }

    @Test
    void whatIsWrongWithVectorsIsSaid() {
        malformed("vectors: 1 (expected: 2)", "[" + entry(0, "[1]") + "]", "a", "b");
        malformed("vector 1: index 0", "[" + entry(0, "[1]") + "," + entry(0, "[1]") + "]", "a", "b");
        malformed("vector 1: index 7", "[" + entry(0, "[1]") + "," + entry(7, "[1]") + "]", "a", "b");
        malformed("vector 1: index 1", "[" + entry(0, "[1]") + "," + entry(1, "[1]") + "]", "a");
        malformed("vector 1: 2 dimensions", "[" + entry(0, "[1]") + "," + entry(1, "[1,2]") + "]", "a", "b");
        malformed("vector 0: 0 dimensions", "[" + entry(0, "[]") + "]", "a");
        malformed("vector 0: NaN or infinite", "[" + entry(0, "\"AADAfw==\"") + "]", "a");
        malformed("vector 0: NaN or infinite", "[" + entry(0, "[1e99]") + "]", "a");
        malformed("vector 0: 3 bytes", "[" + entry(0, "\"AAAA\"") + "]", "a");
        malformed("body: ", "[" + entry(0, "[1,\"x\"]") + "]", "a");
        malformed("vector 0: index 0", "[" + entry(0, "null") + "]", "a");
        malformed("vectors: 0", "[]", "a");
        malformed("vectors: 0", "null", "a");
    }

    @Test
    void bodyThatIsNoneIsMalformed() {
        for (String body : List.of("", "<html>", "[]", "{\"data\":[", "{}")) {
            server.enqueue(StubAnswer.json(body));
            LlmException error = catchThrowableOfType(LlmException.class, () -> model.embedQuery("a"));
            assertThat(error).as(body).isInstanceOf(MalformedResponseException.class);
        }
    }

    @Test
    void errorInsideAnAnswerIsAnError() {
        server.enqueue(StubAnswer.json("{\"error\":{\"message\":\"busy\",\"code\":503}}"));
        LlmException error = catchThrowableOfType(LlmException.class, () -> model.embedQuery("a"));
        assertThat(error).isInstanceOf(OverloadedException.class).hasMessageStartingWith("provider: busy");
    }

    @Test
    void lengthIsAskedForAndChecked() throws Exception {
        EmbeddingModel short2 = openAi.embeddingModel("m", 2);
        assertThat(short2.dimensions()).hasValue(2);
        assertThat(model.dimensions()).isEmpty();
        server.enqueue(StubAnswer.json("{\"data\":[" + entry(0, "[1,2]") + "]}"));
        assertThat(short2.embedQuery("a")).containsExactly(1, 2);
        assertThat(TestJson.JSON
                        .readTree(server.takeRequest().text())
                        .get("dimensions")
                        .asInt())
                .isEqualTo(2);
        server.enqueue(StubAnswer.json("{\"data\":[" + entry(0, "[1,2,3]") + "]}"));
        LlmException error = catchThrowableOfType(LlmException.class, () -> short2.embedQuery("a"));
        assertThat(error).hasMessageStartingWith("vector 0: 3 dimensions (expected: 2)");
    }

    @Test
    void moreTextsThanOneCallTakesAreSeveralCalls() {
        server.otherwise(EmbeddingAnswersTest::numbered);
        EmbeddingRequest request = EmbeddingRequest.builder(Collections.nCopies(5000, "a"), InputType.DOCUMENT)
                .build();
        EmbeddingResponse response = model.embed(request);
        assertThat(response.vectors()).hasSize(5000);
        assertThat(response.vectors().get(2048)).containsExactly(0);
        assertThat(response.vectors().get(4999)).containsExactly(4999 - 4096);
        assertThat(response.usage()).isEqualTo(Usage.of(5000, 0));
        assertThat(server.requests()).hasSize(3);
    }

    private static StubAnswer numbered(StubRequest request) {
        try {
            JsonNode texts = TestJson.JSON.readTree(request.text()).get("input");
            List<String> entries = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                entries.add(entry(i, "[" + i + "]"));
            }
            return StubAnswer.json("{\"data\":[" + String.join(",", entries) + "],\"usage\":{\"prompt_tokens\":"
                    + texts.size() + ",\"total_tokens\":" + texts.size() + "}}");
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    @Property(tries = 200)
    void everyFloatReadsAsItWasWritten(@ForAll @Size(min = 1, max = 20) List<Float> numbers) throws IOException {
        float[] vector = new float[numbers.size()];
        ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < vector.length; i++) {
            vector[i] = numbers.get(i);
            bytes.putFloat(vector[i]);
        }
        String base64 = "\"" + Base64.getEncoder().encodeToString(bytes.array()) + "\"";
        for (String embedding : List.of(numbers.toString(), base64)) {
            EmbeddingResponse response = Served.embedding("{\"data\":[" + entry(0, embedding) + "]}");
            assertThat(response.vectors().get(0)).containsExactly(vector);
        }
    }
}
