package dev.plinth.providers.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse.Ranked;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores of a real transformer against what {@code src/test/python/rerank_reference.py} computes without us. */
class RerankReferenceTest {

    private static final String PASSWORD = "How do I reset my password?";
    private static final String CAT = "what does a cat eat";
    private static final List<String> DOCUMENTS = List.of(
            "To reset your password, open the settings and choose a new password.",
            "Steps to recover a forgotten login",
            "The cat sat on the warm roof",
            "Cats live on meat: mice, birds and fish.",
            "How do I reset my password?");

    @Test
    void lateInteraction() {
        try (OnnxReranker reranker = OnnxReranker.lateInteraction(PackagedModel.MINI_LM_L6_V2)) {
            assertThat(scores(reranker, PASSWORD))
                    .containsExactly(new double[] {0.7324, 0.5297, 0.0865, 0.0908, 1.0}, within(0.01));
            assertThat(scores(reranker, CAT))
                    .containsExactly(new double[] {0.0416, 0.0983, 0.5027, 0.5393, 0.1116}, within(0.01));
        }
    }

    // Another version of onnxruntime rounds the 8-bit numbers otherwise, by up to 0.02 here. Without token types seven
    // of
    // the ten would be off by more than is allowed.
    @Test
    void crossEncoder(@TempDir Path folder) {
        CrossEncoderProfile raw =
                CrossEncoderProfile.builder("headed").sigmoid(false).build();
        try (OnnxReranker reranker =
                OnnxReranker.crossEncoder(TestModels.headedMiniLm(folder), TestModels.tokenizer(folder), raw)) {
            assertThat(scores(reranker, PASSWORD))
                    .containsExactly(new double[] {0.0624, 0.1378, 0.0081, -0.0907, 0.0177}, within(0.03));
            assertThat(scores(reranker, CAT))
                    .containsExactly(new double[] {0.2165, 0.1656, 0.0501, -0.0329, 0.3147}, within(0.03));
        }
    }

    private static double[] scores(OnnxReranker reranker, String query) {
        return reranker.rerank(RerankRequest.of(query, DOCUMENTS, DOCUMENTS.size())).ranked().stream()
                .sorted(Comparator.comparingInt(Ranked::index))
                .mapToDouble(Ranked::score)
                .toArray();
    }
}
