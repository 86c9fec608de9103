package dev.plinth.providers.gemini;

import static dev.plinth.providers.gemini.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.usage.Usage;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmbeddingsTest {
    private static final String TWO = "{\"embeddings\":[{\"values\":[0.5,-1]},{\"values\":[2,3]}]}";
    private static final String PREDICTED = "{\"predictions\":[{\"embeddings\":{\"values\":[1,2],\"statistics\":{"
            + "\"token_count\":4,\"truncated\":false}}}],\"metadata\":{\"billableCharacterCount\":12}}";

    private final StubServer server = StubServer.start();
    private final String url = server.url("/").toString();
    private final Gemini gemini = Gemini.builder().baseUrl(url).build();
    private final Gemini vertex = Gemini.builder().vertex("p", "l").baseUrl(url).build();

    @AfterEach
    void close() {
        gemini.close();
        vertex.close();
        server.close();
    }

    private JsonNode sent(EmbeddingModel model, EmbeddingRequest request, String answer) throws InterruptedException {
        server.enqueue(StubAnswer.json(answer));
        model.embed(request);
        return json(server.takeRequest().text());
    }

    private EmbeddingResponse read(EmbeddingModel model, String answer, String... texts) {
        server.enqueue(StubAnswer.json(answer));
        return model.embed(EmbeddingRequest.documents(List.of(texts)));
    }

    @Test
    void textsAreAskedForTogether() throws Exception {
        EmbeddingRequest request = EmbeddingRequest.builder(List.of("a", "b"), InputType.DOCUMENT)
                .dimensions(2)
                .option(Gemini.TITLE, "Letters")
                .option(Gemini.EXTRA_BODY, "{\"autoTruncate\":false}")
                .build();
        server.enqueue(StubAnswer.json(TWO));
        EmbeddingResponse response =
                gemini.embeddingModel("gemini-embedding-001").embed(request);
        StubRequest sent = server.takeRequest();
        assertThat(sent.target()).isEqualTo("/v1beta/models/gemini-embedding-001:batchEmbedContents");
        String rest = ",\"taskType\":\"RETRIEVAL_DOCUMENT\",\"title\":\"Letters\",\"outputDimensionality\":2,"
                + "\"autoTruncate\":false}";
        String start =
                "{\"model\":\"models/gemini-embedding-001\",\"content\":{\"role\":\"user\",\"parts\":[{\"text\":";
        assertThat(json(sent.text()))
                .isEqualTo(
                        json("{\"requests\":[" + start + "\"a\"}]}" + rest + "," + start + "\"b\"}]}" + rest + "]}"));
        assertThat(response.vectors().get(0)).containsExactly(0.5f, -1);
        assertThat(response.vectors().get(1)).containsExactly(2, 3);
        assertThat(response.usage()).isEqualTo(Usage.UNKNOWN);
    }

    @Test
    void queriesHaveAnotherTaskAndNoTitle() throws Exception {
        EmbeddingRequest request = EmbeddingRequest.builder(List.of("a"), InputType.QUERY)
                .option(Gemini.TITLE, "Letters")
                .build();
        JsonNode sent = sent(gemini.embeddingModel("m"), request, "{\"embeddings\":[{\"values\":[1]}]}");
        assertThat(sent.at("/requests/0/taskType").asText()).isEqualTo("RETRIEVAL_QUERY");
        assertThat(sent.at("/requests/0").has("title")).isFalse();
    }

    @Test
    void taskMayBeChosen() throws Exception {
        EmbeddingRequest.Builder request = EmbeddingRequest.builder(List.of("a"), InputType.QUERY);
        JsonNode sent = sent(
                gemini.embeddingModel("m"),
                request.option(Gemini.TASK_TYPE, "CLUSTERING").build(),
                "{\"embeddings\":[{\"values\":[1]}]}");
        assertThat(sent.at("/requests/0/taskType").asText()).isEqualTo("CLUSTERING");
        JsonNode none = sent(
                gemini.embeddingModel("m"),
                request.option(Gemini.TASK_TYPE, "TASK_TYPE_UNSPECIFIED").build(),
                "{\"embeddings\":[{\"values\":[1]}]}");
        assertThat(none.at("/requests/0").has("taskType")).isFalse();
    }

    @Test
    void secondGenerationIsToldInWords() throws Exception {
        EmbeddingModel model = gemini.embeddingModel("gemini-embedding-2");
        String answer = "{\"embeddings\":[{\"values\":[1]}],\"usageMetadata\":{\"promptTokenCount\":7}}";
        JsonNode query = sent(model, EmbeddingRequest.query("a"), answer).at("/requests/0");
        assertThat(query.at("/content/parts/0/text").asText()).isEqualTo("task: search result | query: a");
        assertThat(query.has("taskType")).isFalse();
        JsonNode document =
                sent(model, EmbeddingRequest.documents(List.of("a")), answer).at("/requests/0");
        assertThat(document.at("/content/parts/0/text").asText()).isEqualTo("title: none | text: a");
        EmbeddingRequest titled = EmbeddingRequest.builder(List.of("a"), InputType.DOCUMENT)
                .option(Gemini.TITLE, "Letters")
                .build();
        assertThat(sent(model, titled, answer)
                        .at("/requests/0/content/parts/0/text")
                        .asText())
                .isEqualTo("title: Letters | text: a");
        assertThat(read(model, answer, "a").usage()).isEqualTo(Usage.of(7, 0));
    }

    @Test
    void vertexPredictsOrEmbedsOneByOne() throws Exception {
        EmbeddingRequest request = EmbeddingRequest.builder(List.of("a"), InputType.DOCUMENT)
                .dimensions(2)
                .option(Gemini.TITLE, "Letters")
                .option(Gemini.EXTRA_BODY, "{\"autoTruncate\":false}")
                .build();
        server.enqueue(StubAnswer.json(PREDICTED));
        EmbeddingResponse response = vertex.embeddingModel("text-embedding-005").embed(request);
        assertThat(response.vectors().get(0)).containsExactly(1, 2);
        assertThat(response.usage()).isEqualTo(Usage.of(4, 0));
        StubRequest predict = server.takeRequest();
        assertThat(predict.target())
                .isEqualTo("/v1beta1/projects/p/locations/l/publishers/google/models/text-embedding-005:predict");
        assertThat(json(predict.text()))
                .isEqualTo(
                        json(
                                "{\"instances\":[{\"content\":\"a\",\"task_type\":\"RETRIEVAL_DOCUMENT\","
                                        + "\"title\":\"Letters\"}],\"parameters\":{\"outputDimensionality\":2,\"autoTruncate\":false}}"));

        String one =
                "{\"embedding\":{\"values\":[1,2]},\"usageMetadata\":{\"promptTokenCount\":3,\"totalTokenCount\":3}}";
        server.enqueue(StubAnswer.json(one), StubAnswer.json(one));
        EmbeddingResponse two =
                vertex.embeddingModel("gemini-embedding-2").embed(EmbeddingRequest.documents(List.of("a", "b")));
        assertThat(two.vectors()).hasSize(2);
        assertThat(two.usage()).isEqualTo(Usage.of(6, 0));
        StubRequest embed = server.takeRequest();
        assertThat(embed.target()).endsWith("/publishers/google/models/gemini-embedding-2:embedContent");
        assertThat(json(embed.text()))
                .isEqualTo(json("{\"content\":{\"role\":\"user\",\"parts\":[{\"text\":\"title: none | text: a\"}]}}"));
    }

    @Test
    void firstGenerationOfVertexTakesOneTextACall() {
        server.enqueue(StubAnswer.json(PREDICTED), StubAnswer.json(PREDICTED));
        vertex.embeddingModel("gemini-embedding-001", 2).embed(EmbeddingRequest.documents(List.of("a", "b")));
        assertThat(server.requests()).hasSize(2);
        assertThat(vertex.embeddingModel("m", 7).dimensions()).hasValue(7);
    }

    @Test
    void vectorsThatAreNoneAreErrors() {
        EmbeddingModel model = gemini.embeddingModel("m");
        for (String answer : List.of(
                "{}",
                "[]",
                "{\"embeddings\":[]}",
                "{\"embeddings\":[null]}",
                "{\"embeddings\":[{}]}",
                "{\"embeddings\":[{\"values\":[]}]}",
                "{\"embeddings\":[{\"values\":[\"a\"]}]}",
                "{\"embeddings\":[{\"values\":[1e400]}]}",
                "{\"predictions\":[{}]}",
                "{\"predictions\":[{\"embeddings\":7}]}",
                TWO)) {
            assertThatThrownBy(() -> read(model, answer, "a"))
                    .as(answer)
                    .isInstanceOf(MalformedResponseException.class);
        }
        LlmException error = catchThrowableOfType(
                LlmException.class, () -> read(model, Answers.error(503, "UNAVAILABLE", "busy"), "a"));
        assertThat(error.code()).isEqualTo("overloaded");
    }
}
