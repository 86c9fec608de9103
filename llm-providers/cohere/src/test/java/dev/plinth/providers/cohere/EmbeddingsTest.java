package dev.plinth.providers.cohere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.usage.Usage;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmbeddingsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final EmbeddingRequest A = EmbeddingRequest.documents(List.of("a"));
    private static final EmbeddingRequest.Builder SHORT =
            EmbeddingRequest.builder(List.of("a"), InputType.QUERY).dimensions(2);

    private final StubServer server = StubServer.start();
    private final String url = server.url("/").toString();
    private final Cohere cohere = Cohere.builder().baseUrl(url).apiKey("k").build();
    private final Voyage voyage = Voyage.builder().baseUrl(url).apiKey("k").build();
    private final Jina jina = Jina.builder().baseUrl(url).apiKey("k").build();

    @AfterEach
    void close() {
        cohere.close();
        voyage.close();
        jina.close();
        server.close();
    }

    private String sent(EmbeddingModel model, EmbeddingRequest request, String target) throws Exception {
        server.otherwise(
                any -> StubAnswer.json("{\"data\":[{\"embedding\":[1,2]}],\"embeddings\":{\"float\":[[1,2]]}}"));
        model.embed(request);
        StubRequest sent = server.takeRequest();
        assertThat(sent.target()).isEqualTo(target);
        assertThat(sent.header("authorization")).contains("Bearer k");
        return sent.text();
    }

    private static void is(String actual, String expected) throws Exception {
        assertThat(JSON.readTree(actual)).isEqualTo(JSON.readTree(expected));
    }

    private EmbeddingResponse read(EmbeddingModel model, String answer, String... texts) {
        server.enqueue(StubAnswer.json(answer));
        return model.embed(EmbeddingRequest.documents(List.of(texts)));
    }

    @Test
    void cohere() throws Exception {
        is(
                sent(cohere.embeddingModel("embed-v4.0"), A, "/v2/embed"),
                "{\"model\":\"embed-v4.0\",\"input_type\":\"search_document\",\"texts\":[\"a\"],"
                        + "\"embedding_types\":[\"float\"],\"truncate\":\"NONE\"}");
        is(
                sent(
                        cohere.embeddingModel("m"),
                        SHORT.option(Cohere.TRUNCATE, "END")
                                .option(Cohere.EXTRA_BODY, "{\"priority\":1}")
                                .build(),
                        "/v2/embed"),
                "{\"model\":\"m\",\"input_type\":\"search_query\",\"texts\":[\"a\"],\"embedding_types\":[\"float\"],"
                        + "\"truncate\":\"END\",\"output_dimension\":2,\"priority\":1}");
    }

    @Test
    void voyage() throws Exception {
        is(
                sent(voyage.embeddingModel("voyage-3.5"), A, "/v1/embeddings"),
                "{\"input\":[\"a\"],\"model\":\"voyage-3.5\",\"input_type\":\"document\",\"truncation\":false,"
                        + "\"encoding_format\":\"base64\"}");
        is(
                sent(
                        voyage.embeddingModel("m"),
                        SHORT.option(Voyage.TRUNCATION, true).build(),
                        "/v1/embeddings"),
                "{\"input\":[\"a\"],\"model\":\"m\",\"input_type\":\"query\",\"truncation\":true,\"output_dimension\":2,"
                        + "\"encoding_format\":\"base64\"}");
    }

    @Test
    void jinaPassesItsOwnDocument() throws Exception {
        String three = sent(jina.embeddingModel("jina-embeddings-v3"), A, "/v1/embeddings");
        is(
                three,
                "{\"model\":\"jina-embeddings-v3\",\"input\":[\"a\"],\"task\":\"retrieval.passage\","
                        + "\"embedding_type\":\"base64\"}");
        String code = sent(jina.embeddingModel("jina-code-embeddings-0.5b"), SHORT.build(), "/v1/embeddings");
        is(
                code,
                "{\"model\":\"jina-code-embeddings-0.5b\",\"input\":[\"a\"],\"task\":\"nl2code.query\",\"dimensions\":2,"
                        + "\"embedding_type\":\"base64\"}");
        String five = sent(
                jina.embeddingModel("jina-embeddings-v5-text-small"),
                SHORT.option(Jina.TASK, "clustering")
                        .option(Jina.EXTRA_BODY, "{\"truncate\":true}")
                        .build(),
                "/v1/embeddings");
        is(
                five,
                "{\"model\":\"jina-embeddings-v5-text-small\",\"input\":[\"a\"],\"task\":\"clustering\",\"dimensions\":2,"
                        + "\"embedding_type\":\"base64\",\"truncate\":true}");
        for (String body : List.of(three, code, five)) {
            Specs.errors("/v1/embeddings", body)
                    .ifPresent(errors -> assertThat(errors).as(body).isEmpty());
        }
    }

    @Test
    void fieldsAreNotSaidTwice() {
        for (String field : List.of("model", "output_dtype")) {
            EmbeddingRequest request = A.toBuilder()
                    .option(Voyage.EXTRA_BODY, "{\"" + field + "\":1}")
                    .build();
            assertThatThrownBy(() -> voyage.embeddingModel("m").embed(request))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void vectorsByKind() {
        EmbeddingModel model = cohere.embeddingModel("m");
        EmbeddingResponse response = read(
                model,
                "{\"id\":\"e\",\"embeddings\":{\"int8\":[[9]],\"float\":[[0.5,-0.25]]},\"texts\":[\"a\"],\"meta\":{"
                        + "\"api_version\":{\"version\":\"2\"},\"billed_units\":{\"image_tokens\":0,\"input_tokens\":4}},"
                        + "\"response_type\":\"embeddings_by_type\"}",
                "a");
        assertThat(response.vectors()).containsExactly(new float[] {0.5f, -0.25f});
        assertThat(response.usage()).isEqualTo(Usage.of(4, 0));
        assertThat(response.model()).isEqualTo("m");
        assertThat(read(model, "{\"embeddings\":[[1],[2]],\"meta\":null}", "a", "b")
                        .vectors())
                .containsExactly(new float[] {1}, new float[] {2});
        assertThat(read(model, "{\"embeddings\":{\"base64\":[\"AACAPw==\"],\"float\":[[1]]}}", "a")
                        .vectors())
                .containsExactly(new float[] {1});
    }

    @Test
    void vectorsByIndexAsTextOrNumbers() {
        EmbeddingResponse response = read(
                voyage.embeddingModel("m"),
                "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"embedding\":\"AACAPw==\",\"index\":1},"
                        + "{\"embedding\":[2],\"index\":0}],\"model\":\"m-1\",\"usage\":{\"total_tokens\":2}}",
                "a",
                "b");
        assertThat(response.vectors()).containsExactly(new float[] {2}, new float[] {1});
        assertThat(response.model()).isEqualTo("m-1");
        assertThat(response.usage()).isEqualTo(Usage.of(2, 0));
        assertThat(read(
                                jina.embeddingModel("m"),
                                "{\"data\":[{\"index\":0,\"embedding\":[1]}],\"usage\":{\"total_tokens\":7,\"prompt_tokens\":7}}",
                                "a")
                        .usage())
                .isEqualTo(Usage.of(7, 0));
    }

    @Test
    void answersThatDoNotFitAreErrors() {
        for (String answer : List.of(
                "{}",
                "{\"embeddings\":{\"float\":[[1]]}}",
                "{\"embeddings\":{\"float\":[[1],[1,2]]}}",
                "{\"embeddings\":{\"int8\":[[1],[1]]}}",
                "{\"embeddings\":{\"float\":7}}",
                "{\"embeddings\":7}",
                "[]",
                "{\"embeddings\":{\"float\":[[1],[")) {
            assertThatThrownBy(() -> read(cohere.embeddingModel("m"), answer, "a", "b"))
                    .as(answer)
                    .isInstanceOf(MalformedResponseException.class);
        }
        for (String answer : List.of(
                "{}",
                "{\"data\":[]}",
                "{\"data\":[{\"index\":0,\"embedding\":{\"a\":1}}]}",
                "{\"data\":[{\"index\":5,\"embedding\":[1]}]}",
                "{\"data\":7}")) {
            assertThatThrownBy(() -> read(voyage.embeddingModel("m"), answer, "a"))
                    .as(answer)
                    .isInstanceOf(MalformedResponseException.class);
        }
    }
}
