package dev.plinth.providers.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.embedding.EmbeddingLimits;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.IncompleteEmbeddingException;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.Endpoint;
import dev.plinth.providers.HttpTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** How texts become calls. */
class HttpEmbeddingModelTest {
    private static final EmbeddingLimits NONE = EmbeddingLimits.NONE;

    // Live as long as the tests.
    private static final StubServer SERVER = StubServer.start().otherwise(HttpEmbeddingModelTest::answer);
    private static final HttpTransport TRANSPORT = HttpTransport.create();
    private static final Endpoint ENDPOINT = Endpoint.builder(
                    TRANSPORT, "p", Endpoint.baseUrl(SERVER.url("/").toString()))
            .build();

    /** The body of a call is the number of its texts, the vector of each that number. */
    private static StubAnswer answer(StubRequest request) {
        return answer(Integer.parseInt(request.text()));
    }

    private static StubAnswer answer(int texts) {
        String vector = "{\"embedding\":[" + texts + "]}";
        return StubAnswer.json("{\"tokens\":2,\"data\":[" + (vector + ",").repeat(texts - 1) + vector + "]}");
    }

    private record Limited(EmbeddingLimits limits) implements EmbeddingProtocol {
        @Override
        public String path(EmbeddingCall call) {
            return "/embed";
        }

        @Override
        public void write(EmbeddingCall call, JsonGenerator json) throws IOException {
            json.writeNumber(call.texts().size());
        }

        @Override
        public void readField(String field, JsonParser json, EmbeddingAnswer answer) throws IOException {
            switch (field) {
                case "tokens" -> answer.usage().input(Json.number(json, -1));
                case "data" -> answer.readList(json);
                default -> json.skipChildren();
            }
        }
    }

    private static EmbeddingModel model(EmbeddingLimits limits) {
        return new HttpEmbeddingModel(ENDPOINT, ModelInfo.local("p", "m"), OptionalInt.empty(), new Limited(limits));
    }

    /** How many texts each call had. */
    private static List<Integer> calls(EmbeddingLimits limits, List<String> texts) {
        List<float[]> vectors = model(limits).embedDocuments(texts);
        assertThat(vectors).hasSameSizeAs(texts);
        List<Integer> calls = new ArrayList<>();
        for (int text = 0; text < vectors.size(); text += calls.get(calls.size() - 1)) {
            calls.add((int) vectors.get(text)[0]);
        }
        return calls;
    }

    @Test
    void callsAreNotLargerThanTheServerTakes() {
        List<String> texts = List.of("aaaa", "bbbb", "cc", "éé", "x");
        assertThat(calls(NONE, texts)).containsExactly(5);
        assertThat(calls(NONE.withTexts(2), texts)).containsExactly(2, 2, 1);
        assertThat(calls(NONE.withBytes(8), texts)).containsExactly(2, 3);
        assertThat(calls(NONE.withTokens(5), texts)).containsExactly(1, 1, 1, 2);
        assertThat(model(NONE.withTexts(2)).limits()).isEqualTo(NONE.withTexts(2));
    }

    @Test
    void whatTheCallsUsedIsAdded() {
        EmbeddingRequest request = EmbeddingRequest.documents(List.of("a", "b", "c"));
        assertThat(model(NONE.withTexts(2)).embed(request).usage()).isEqualTo(Usage.of(4, 0));
    }

    @Test
    void whatWasDoneBeforeAFailureIsKept() {
        EmbeddingModel model = model(NONE.withTexts(2));
        EmbeddingRequest request = EmbeddingRequest.documents(List.of("a", "b", "c", "d", "e"));
        SERVER.enqueue(
                answer(2),
                StubAnswer.json(503, "{}").header("retry-after", "3"),
                answer(2),
                StubAnswer.json(401, "{}"));
        IncompleteEmbeddingException stopped =
                catchThrowableOfType(IncompleteEmbeddingException.class, () -> model.embed(request));
        assertThat(stopped).hasCauseInstanceOf(OverloadedException.class);
        assertThat(stopped.positions()).containsExactly(0, 1);
        assertThat(stopped.details().retryAfter()).hasValue(Duration.ofSeconds(3));
        IncompleteEmbeddingException again =
                catchThrowableOfType(IncompleteEmbeddingException.class, () -> stopped.resume(model));
        assertThat(again).hasCauseInstanceOf(AuthenticationException.class);
        assertThat(again.positions()).containsExactly(0, 1, 2, 3);
        EmbeddingResponse whole = again.resume(model);
        assertThat(whole.vectors()).hasSize(5);
        assertThat(whole.usage()).isEqualTo(Usage.of(6, 0));
    }
}
