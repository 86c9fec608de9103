package dev.plinth.providers.cohere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.RerankResponse.Ranked;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.usage.Usage;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RerankTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RerankRequest AB = RerankRequest.of("q", List.of("a", "b"), 5);
    private static final String RESULTS =
            "[{\"index\":1,\"relevance_score\":0.9,\"document\":{\"text\":\"b\"}},{\"relevance_score\":-0.5,\"index\":0}]";

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

    private RerankResponse read(Reranker reranker, String answer) {
        server.enqueue(StubAnswer.json(answer));
        return reranker.rerank(AB);
    }

    private String sent(Reranker reranker, String target) throws Exception {
        read(reranker, "{\"results\":" + RESULTS + "}");
        StubRequest sent = server.takeRequest();
        assertThat(sent.target()).isEqualTo(target);
        assertThat(sent.header("authorization")).contains("Bearer k");
        return sent.text();
    }

    private static void is(String actual, String expected) throws Exception {
        assertThat(JSON.readTree(actual)).isEqualTo(JSON.readTree(expected));
    }

    @Test
    void requests() throws Exception {
        String common = "\"query\":\"q\",\"documents\":[\"a\",\"b\"],";
        is(sent(cohere.reranker("rerank-v3.5"), "/v2/rerank"), "{\"model\":\"rerank-v3.5\"," + common + "\"top_n\":2}");
        is(
                sent(voyage.reranker("rerank-2.5"), "/v1/rerank"),
                "{\"model\":\"rerank-2.5\"," + common + "\"top_k\":2,\"return_documents\":false}");
        String body = sent(jina.reranker("jina-reranker-v3"), "/v1/rerank");
        is(body, "{\"model\":\"jina-reranker-v3\"," + common + "\"top_n\":2,\"return_documents\":false}");
        Specs.errors("/v1/rerank", body).ifPresent(errors -> assertThat(errors).isEmpty());
    }

    @Test
    void resultsAndTokensAreRead() {
        RerankResponse searched = read(
                cohere.reranker("m"),
                "{\"id\":\"r\",\"results\":" + RESULTS
                        + ",\"meta\":{\"api_version\":{\"version\":\"2\"},\"billed_units\":{\"search_units\":1}}}");
        assertThat(searched.ranked()).containsExactly(new Ranked(1, 0.9), new Ranked(0, -0.5));
        assertThat(searched.usage()).isEqualTo(Usage.UNKNOWN);
        assertThat(searched.model()).isEqualTo("m");
        RerankResponse counted = read(
                voyage.reranker("m"),
                "{\"object\":\"list\",\"data\":" + RESULTS + ",\"model\":\"m-1\",\"usage\":{\"total_tokens\":20}}");
        assertThat(counted.ranked()).isEqualTo(searched.ranked());
        assertThat(counted.usage()).isEqualTo(Usage.of(20, 0));
        assertThat(counted.model()).isEqualTo("m-1");
    }

    @Test
    void resultsInAnyOrderAndTooManyOfThem() {
        server.enqueue(StubAnswer.json("{\"results\":[{\"index\":0,\"relevance_score\":0.1},"
                + "{\"index\":2,\"relevance_score\":0.3},{\"index\":1,\"relevance_score\":0.2}]}"));
        RerankResponse response = cohere.reranker("m").rerank(RerankRequest.of("q", List.of("a", "b", "c"), 2));
        assertThat(response.ranked()).containsExactly(new Ranked(2, 0.3), new Ranked(1, 0.2));
    }

    @Test
    void resultsThatDoNotFitAreErrors() {
        for (String answer : List.of(
                "",
                "[]",
                "{}",
                "{\"results\":[]}",
                "{\"results\":[{\"index\":0,\"relevance_score\":1}]}",
                "{\"results\":[{\"index\":0,\"relevance_score\":1},{\"index\":0,\"relevance_score\":2}]}",
                "{\"results\":[{\"index\":0,\"relevance_score\":1},{\"index\":2,\"relevance_score\":2}]}",
                "{\"results\":[{\"index\":0,\"relevance_score\":1},{\"index\":1,\"relevance_score\":\"x\"}]}",
                "{\"results\":[{\"index\":0,\"relevance_score\":1},{\"index\":1,\"relevance_score\":1e999}]}",
                "{\"results\":7}",
                "{\"results\":[{")) {
            assertThatThrownBy(() -> read(cohere.reranker("m"), answer))
                    .as(answer)
                    .isInstanceOf(MalformedResponseException.class);
        }
    }

    @Test
    void errorsAreToldApart() {
        server.enqueue(
                StubAnswer.json(429, "{\"detail\":\"rate\"}").header("retry-after", "3"),
                StubAnswer.json(401, "{\"detail\":\"Invalid API key k.\",\"code\":\"AUTH_INVALID_API_KEY\"}"),
                StubAnswer.json("{\"message\":\"busy\"}"));
        for (String code : List.of("rate_limited", "authentication", "overloaded")) {
            LlmException error = catchThrowableOfType(
                    LlmException.class, () -> jina.reranker("m").rerank(AB));
            assertThat(error.code()).isEqualTo(code);
        }
    }

    /** Any scores: the best come first, each document once. */
    @Property(tries = 60)
    void bestComeFirst(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = -9, max = 9) Integer> scores,
            @ForAll @IntRange(min = 1, max = 9) int top) {
        try (StubServer scored = StubServer.start();
                Cohere own =
                        Cohere.builder().baseUrl(scored.url("/").toString()).build()) {
            var results = JSON.createArrayNode();
            for (int i = 0; i < scores.size(); i++) {
                results.addObject().put("index", i).put("relevance_score", scores.get(i) / 8.0);
            }
            scored.enqueue(StubAnswer.json("{\"results\":" + results + "}"));
            List<String> documents = scores.stream().map(String::valueOf).toList();
            List<Ranked> ranked = own.reranker("m")
                    .rerank(RerankRequest.of("q", documents, top))
                    .ranked();
            assertThat(ranked).hasSize(Math.min(top, scores.size())).doesNotHaveDuplicates();
            assertThat(ranked.stream().map(Ranked::score))
                    .containsExactlyElementsOf(scores.stream()
                            .map(score -> score / 8.0)
                            .sorted((one, other) -> Double.compare(other, one))
                            .limit(top)
                            .toList());
        }
    }
}
