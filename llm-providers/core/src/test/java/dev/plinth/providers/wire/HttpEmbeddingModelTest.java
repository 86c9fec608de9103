package dev.plinth.providers.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.Endpoint;
import dev.plinth.providers.HttpTransport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** How texts become calls. */
class HttpEmbeddingModelTest {
    // Live as long as the tests.
    private static final StubServer SERVER = StubServer.start().otherwise(HttpEmbeddingModelTest::answer);
    private static final HttpTransport TRANSPORT = HttpTransport.create();
    private static final Endpoint ENDPOINT = Endpoint.builder(
                    TRANSPORT, "p", Endpoint.baseUrl(SERVER.url("/").toString()))
            .build();

    /** The body of a call is the number of its texts, the vector of each that number. */
    private static StubAnswer answer(StubRequest request) {
        int texts = Integer.parseInt(request.text());
        String vector = "{\"embedding\":[" + texts + "]}";
        return StubAnswer.json("{\"tokens\":2,\"data\":[" + (vector + ",").repeat(texts - 1) + vector + "]}");
    }

    private record Limits(int mostTexts, int mostBytes) implements EmbeddingProtocol {
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

    private static EmbeddingResponse embed(Limits limits, List<String> texts) {
        return new HttpEmbeddingModel(ENDPOINT, ModelInfo.local("p", "m"), OptionalInt.empty(), limits)
                .embed(EmbeddingRequest.documents(texts));
    }

    /** How many texts each call had. */
    private static List<Integer> calls(Limits limits, List<String> texts) {
        List<float[]> vectors = embed(limits, texts).vectors();
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
        assertThat(calls(new Limits(9, Integer.MAX_VALUE), texts)).containsExactly(5);
        assertThat(calls(new Limits(2, Integer.MAX_VALUE), texts)).containsExactly(2, 2, 1);
        assertThat(calls(new Limits(9, 8), texts)).containsExactly(2, 3);
        assertThat(calls(new Limits(9, 5), texts)).containsExactly(1, 1, 1, 2);
        assertThat(calls(new Limits(9, 1), texts)).containsExactly(1, 1, 1, 1, 1);
    }

    @Test
    void whatTheCallsUsedIsAdded() {
        assertThat(embed(new Limits(2, Integer.MAX_VALUE), List.of("a", "b", "c"))
                        .usage())
                .isEqualTo(Usage.of(4, 0));
    }

    @Property(tries = 100)
    void everyCallIsAsLargeAsItMayBe(
            @ForAll @IntRange(min = 1, max = 9) int most,
            @ForAll @IntRange(min = 1, max = 60) int bytes,
            @ForAll @Size(min = 1, max = 30)
                    List<
                                    @StringLength(min = 1, max = 20) @CharRange(from = '!', to = '~')
                                    @CharRange(from = 'à', to = 'ä') String>
                            texts) {
        int from = 0;
        for (int call : calls(new Limits(most, bytes), texts)) {
            int end = from + call;
            assertThat(call).isBetween(1, most);
            assertThat(call == 1 || size(texts.subList(from, end)) <= bytes).isTrue();
            boolean full = call == most || end == texts.size() || size(texts.subList(from, end + 1)) > bytes;
            assertThat(full).isTrue();
            from = end;
        }
        assertThat(from).isEqualTo(texts.size());
    }

    private static int size(List<String> texts) {
        return texts.stream()
                .mapToInt(text -> text.getBytes(StandardCharsets.UTF_8).length)
                .sum();
    }
}
