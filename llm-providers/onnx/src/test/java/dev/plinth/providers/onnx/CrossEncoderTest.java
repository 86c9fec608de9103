package dev.plinth.providers.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.RerankResponse.Ranked;
import dev.plinth.api.usage.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cross-encoders over {@link TestModels#counting()}, whose scores one can count by hand. */
class CrossEncoderTest {

    private static final CrossEncoderProfile RAW =
            CrossEncoderProfile.builder("counting").sigmoid(false).build();
    private static final RerankRequest REQUEST =
            RerankRequest.of("warm cat", List.of("the dog", "the cat is a warm cat", "a cat"), 3);

    @TempDir
    private Path folder;

    @Test
    void theLogitIsTheScore() {
        try (OnnxReranker reranker = load(TestModels.overlap(folder), RAW)) {
            RerankResponse response = reranker.rerank(REQUEST);
            assertRanked(response.ranked(), List.of(1, 2, 0), 2 - 0.11, 1 - 0.07, -0.07);
            assertThat(response.usage()).isEqualTo(Usage.of(7 + 11 + 7, 0));
            assertThat(response.model()).isEqualTo(reranker.info().model()).matches("counting@[0-9a-f]{12}");
            assertThat(reranker.info().provider()).isEqualTo("onnx");
        }
    }

    @Test
    void theSigmoidOfTheLogitIsTheScoreByDefault() {
        try (OnnxReranker reranker = load(TestModels.overlap(folder), CrossEncoderProfile.of("counting"))) {
            assertRanked(
                    reranker.rerank(REQUEST).ranked(), List.of(1, 2, 0), sigmoid(1.89), sigmoid(0.93), sigmoid(-0.07));
        }
    }

    @Test
    void ofTwoLogitsTheSecondLessTheFirstIsTheScore() {
        Path onnx = TestModels.counting()
                .floats("halves", new long[] {1, 2}, -0.5f, 0.5f)
                .node("Mul", List.of("count", "halves"), "logits")
                .output("logits", OnnxFile.FLOAT, -1, 2)
                .write(folder.resolve("two.onnx"));
        try (OnnxReranker reranker = load(onnx, RAW)) {
            assertRanked(reranker.rerank(REQUEST).ranked(), List.of(1, 2, 0), 1.89, 0.93, -0.07);
        }
    }

    @Test
    void anOutputOfAnotherNameAndAModelWithoutTypesServeToo() {
        Path onnx = OnnxFile.create()
                .input("input_ids")
                .node("Cast", List.of("input_ids"), "ids", OnnxFile.attribute("to", OnnxFile.FLOAT))
                .node("ReduceMin", List.of("ids"), "score", OnnxFile.axes(1), OnnxFile.attribute("keepdims", 1))
                .output("score", OnnxFile.FLOAT, -1, 1)
                .write(folder.resolve("other.onnx"));
        try (OnnxReranker reranker = load(onnx, RAW)) {
            assertRanked(reranker.rerank(REQUEST).ranked(), List.of(0, 1, 2), 101, 101, 101);
        }
    }

    @Test
    void theVersionChangesWithWhatChangesTheScores() {
        try (OnnxReranker raw = load(TestModels.overlap(folder), RAW);
                OnnxReranker sigmoid = load(TestModels.overlap(folder), CrossEncoderProfile.of("counting"))) {
            assertThat(raw.info()).isNotEqualTo(sigmoid.info());
        }
    }

    @Test
    void cutsTheLongerTextFirstAndCounts() {
        try (OnnxReranker reranker = short16(Overlong.TRUNCATE)) {
            assertRanked(rank(reranker, "warm cat", "the ".repeat(20) + "cat", "a cat"), List.of(1, 0), 0.93, -0.16);
            assertThat(reranker.truncatedTexts()).isEqualTo(1);
            // 6 + 7 tokens are left of the two; the last word of the query is cut off
            assertRanked(rank(reranker, "dog ".repeat(6) + "cat", "cat ".repeat(9)), List.of(0), -0.16);
            assertThat(reranker.truncatedTexts()).isEqualTo(2);
        }
    }

    @Test
    void cutsDocumentsOnlyWherePolicySaysSo() {
        try (OnnxReranker reranker = short16(Overlong.TRUNCATE_DOCUMENTS)) {
            assertRanked(rank(reranker, "dog ".repeat(6) + "cat", "cat ".repeat(9)), List.of(0), 1 - 0.16);
            assertThatThrownBy(() -> rank(reranker, "dog ".repeat(13), "cat"))
                    .isInstanceOf(ContextTooLongException.class)
                    .hasMessageStartingWith("query: 16 tokens (expected: < 16)");
        }
    }

    @Test
    void rejectsAPairThatIsTooLongWherePolicySaysSo() {
        try (OnnxReranker reranker = short16(Overlong.REJECT)) {
            assertThatThrownBy(() -> rank(reranker, "cat", "a cat", "dog ".repeat(13)))
                    .isInstanceOf(ContextTooLongException.class)
                    .hasMessageStartingWith("query and documents[1]: 17 tokens (expected: <= 16)");
        }
    }

    @Test
    void refusesATokenizerOfAnotherFamilyUnlessOneIsHandedIn() throws IOException {
        Path onnx = TestModels.overlap(folder);
        Path unigram = Files.writeString(
                folder.resolve("unigram.json"),
                "{\"normalizer\": {\"type\": \"Precompiled\"}, \"model\": {\"type\": \"Unigram\"}}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OnnxReranker.crossEncoder(onnx, unigram, RAW))
                .withMessage(unigram + " model: Unigram (expected: WordPiece; for a model outside the BERT WordPiece"
                        + " family hand in a Tokenizer of your own)");
        try (OnnxReranker reranker = OnnxReranker.builder(onnx, unigram, RAW)
                .tokenizer(text -> new int[] {101, 1000 + text.length(), 102})
                .build()) {
            assertRanked(rank(reranker, "abc", "xy", "xyz"), List.of(1, 0), 0.95, -0.05);
        }
    }

    @Test
    void refusesModelsOfAnotherKind() {
        Path encoder = TestModels.copy(PackagedModel.MINI_LM_L6_V2.weights(), folder);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> load(encoder, RAW))
                .withMessage("onnx output last_hidden_state: FLOAT [-1, -1, 384] (expected: floats, pairs x 1 or 2"
                        + " logits)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> load(threeLogits(), RAW))
                .withMessage("onnx output logits: FLOAT [-1, 3] (expected: floats, pairs x 1 or 2 logits)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> load(
                        TestModels.counting()
                                .output("word", OnnxFile.BOOL, -1, 1)
                                .write(folder.resolve("b.onnx")),
                        RAW))
                .withMessage("onnx output word: BOOL [-1, 1] (expected: floats, pairs x 1 or 2 logits)");
        EmbeddingProfile profile = EmbeddingProfile.builder("no encoder").build();
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> OnnxReranker.builder(TestModels.overlap(folder), TestModels.tokenizer(folder), profile)
                                .build())
                .withMessage("onnx output logits: FLOAT [-1, 1] (expected: floats, texts x tokens x dimensions)");
    }

    @Test
    void aScoreThatIsNoneIsAnError() {
        Path noNumber = TestModels.counting()
                .node("Log", List.of("less"), "logits")
                .output("logits", OnnxFile.FLOAT, -1, 1)
                .write(folder.resolve("nan.onnx"));
        Path many = OnnxFile.create()
                .input("input_ids")
                .node("Cast", List.of("input_ids"), "logits", OnnxFile.attribute("to", OnnxFile.FLOAT))
                .output("logits", OnnxFile.FLOAT, -1, -1)
                .write(folder.resolve("many.onnx"));
        for (Path onnx : List.of(noNumber, many)) {
            try (OnnxReranker reranker = load(onnx, RAW)) {
                assertThatThrownBy(() -> reranker.rerank(REQUEST))
                        .isInstanceOf(MalformedResponseException.class)
                        .hasMessageStartingWith("logits: [")
                        .hasMessageContaining("(expected: 1 or 2 for each pair, finite)");
            }
        }
    }

    private Path threeLogits() {
        return TestModels.counting()
                .node("Concat", List.of("count", "count", "count"), "logits", OnnxFile.attribute("axis", 1))
                .output("logits", OnnxFile.FLOAT, -1, 3)
                .write(folder.resolve("three.onnx"));
    }

    private OnnxReranker short16(Overlong policy) {
        CrossEncoderProfile profile = CrossEncoderProfile.builder("short")
                .maxTokens(16)
                .sigmoid(false)
                .build();
        return OnnxReranker.builder(TestModels.overlap(folder), TestModels.tokenizer(folder), profile)
                .overlong(policy)
                .build();
    }

    private OnnxReranker load(Path onnx, CrossEncoderProfile profile) {
        return OnnxReranker.crossEncoder(onnx, TestModels.tokenizer(folder), profile);
    }

    private static List<Ranked> rank(OnnxReranker reranker, String query, String... documents) {
        return reranker.rerank(RerankRequest.of(query, List.of(documents), documents.length))
                .ranked();
    }

    private static void assertRanked(List<Ranked> ranked, List<Integer> order, double... scores) {
        assertThat(ranked.stream().map(Ranked::index)).isEqualTo(order);
        assertThat(ranked.stream().mapToDouble(Ranked::score).toArray()).containsExactly(scores, within(1e-5));
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
