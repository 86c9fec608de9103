package dev.plinth.providers.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.RerankResponse.Ranked;
import dev.plinth.api.usage.Usage;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LateInteractionTest {

    private static OnnxReranker miniLm;

    @BeforeAll
    static void load() {
        miniLm = OnnxReranker.lateInteraction(PackagedModel.MINI_LM_L6_V2);
    }

    @AfterAll
    static void free() {
        miniLm.close();
    }

    @Test
    void countsTheTokensOfTheQueryOnce() {
        RerankResponse response = miniLm.rerank(RerankRequest.of("hello", List.of("Hello, world!", "hello"), 2));
        assertThat(response.usage()).isEqualTo(Usage.of(3 + 6 + 3, 0));
        assertThat(response.ranked().get(0).index()).isEqualTo(1);
        assertThat(response.ranked().get(0).score()).isCloseTo(1, within(1e-6));
    }

    @Test
    void documentsThatAreKeptAreNotReadAgainAndScoreTheSame() {
        List<String> documents = List.of("the cat sleeps", "stock prices fell", "a dog barks");
        List<Ranked> plain =
                miniLm.rerank(RerankRequest.of("a warm cat", documents, 3)).ranked();
        try (OnnxReranker keeping = OnnxReranker.builder(PackagedModel.MINI_LM_L6_V2)
                .keepDocuments(2)
                .build()) {
            RerankResponse first = keeping.rerank(RerankRequest.of("a warm cat", documents, 3));
            RerankResponse again = keeping.rerank(RerankRequest.of("a warm cat", documents.subList(1, 3), 2));
            RerankResponse dropped = keeping.rerank(RerankRequest.of("a warm cat", documents.subList(0, 1), 1));

            assertThat(first.ranked()).isEqualTo(plain);
            assertThat(again.ranked().stream().map(Ranked::score).toList())
                    .isEqualTo(plain.stream()
                            .filter(one -> one.index() > 0)
                            .map(Ranked::score)
                            .toList());
            assertThat(again.usage()).as("of the query only").isEqualTo(Usage.of(5, 0));
            assertThat(dropped.usage()).as("the oldest of three").isEqualTo(Usage.of(5 + 5, 0));
        }
    }

    @Test
    void isNamedAfterTheEmbeddingModel() {
        try (OnnxEmbeddings embeddings = OnnxEmbeddings.miniLm()) {
            assertThat(miniLm.info().model())
                    .isEqualTo(embeddings.info().model().replace("@", "-maxsim@"));
        }
    }

    @Test
    void prefixesTakeNoPart(@TempDir Path folder) {
        EmbeddingProfile profile = EmbeddingProfile.builder("prefixed")
                .queryPrefix("weather: ")
                .documentPrefix("a warm cat ")
                .build();
        try (OnnxReranker reranker = OnnxReranker.builder(
                        TestModels.copy(PackagedModel.MINI_LM_L6_V2.weights(), folder),
                        TestModels.tokenizer(folder),
                        profile)
                .build()) {
            assertThat(score(reranker, "a warm cat", "stock prices fell")).isLessThan(0.6);
            assertThat(score(reranker, "stock prices", "weather:")).isLessThan(0.6);
        }
    }

    @Test
    void aDocumentWithoutTokensComesLast() {
        List<Ranked> ranked = miniLm.rerank(RerankRequest.of("cat", List.of("", "\u0001", "the cat sleeps"), 3))
                .ranked();
        assertThat(ranked.stream().map(Ranked::index)).containsExactly(2, 0, 1);
    }

    @Test
    void aQueryWithoutTokensStillHasAnAnswer() {
        assertThat(miniLm.rerank(RerankRequest.of("\u0001", List.of("a", "b"), 2))
                        .ranked())
                .hasSize(2);
    }

    @Test
    void overlongTextsAreCutAndCounted() {
        long before = miniLm.truncatedTexts();
        RerankResponse response = miniLm.rerank(RerankRequest.of("cat", List.of("word ".repeat(1000)), 1));
        assertThat(response.usage().input()).hasValue(3 + 256);
        assertThat(miniLm.truncatedTexts() - before).isEqualTo(1);
    }

    @Test
    void onlyDocumentsAreCutWherePolicySaysSo() {
        try (OnnxReranker reranker = OnnxReranker.builder(PackagedModel.MINI_LM_L6_V2)
                .overlong(Overlong.TRUNCATE_DOCUMENTS)
                .build()) {
            assertThat(score(reranker, "cat", "cat ".repeat(300))).isGreaterThan(0);
            assertThatThrownBy(() -> score(reranker, "cat ".repeat(300), "cat"))
                    .isInstanceOf(ContextTooLongException.class)
                    .hasMessageStartingWith("query: 302 tokens (expected: <= 256)");
        }
    }

    @Test
    void saysWhichDocumentIsTooLongWherePolicySaysSo() {
        try (OnnxReranker reranker = OnnxReranker.builder(PackagedModel.MINI_LM_L6_V2)
                .overlong(Overlong.REJECT)
                .build()) {
            assertThatThrownBy(() -> reranker.rerank(RerankRequest.of("cat", List.of("a", "cat ".repeat(300)), 1)))
                    .isInstanceOf(ContextTooLongException.class)
                    .hasMessageStartingWith("documents[1]: 302 tokens (expected: <= 256)");
        }
    }

    private static double score(OnnxReranker reranker, String query, String document) {
        return reranker.rerank(RerankRequest.of(query, List.of(document), 1))
                .ranked()
                .get(0)
                .score();
    }
}
