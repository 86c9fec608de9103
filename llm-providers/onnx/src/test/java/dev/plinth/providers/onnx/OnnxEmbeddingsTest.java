package dev.plinth.providers.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.error.ModelNotFoundException;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.usage.Usage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OnnxEmbeddingsTest {

    private static final String QUESTION = "How do I reset my password?";
    private static final String PARAPHRASE = "Steps to recover a forgotten login";
    private static final String UNRELATED = "The cat sat on the warm roof";

    private static OnnxEmbeddings miniLm;
    private static OnnxEmbeddings batched;

    @BeforeAll
    static void load() {
        miniLm = OnnxEmbeddings.miniLm();
        batched = OnnxEmbeddings.builder(PackagedModel.MINI_LM_L6_V2)
                .deterministic(false)
                .build();
    }

    @AfterAll
    static void free() {
        miniLm.close();
        batched.close();
    }

    @Test
    void miniLmPutsAParaphraseNear() {
        assertCosines(miniLm, InputType.DOCUMENT, 0.583, 0.027);
        assertCosines(miniLm, InputType.QUERY, 0.583, 0.027);
    }

    @Test
    void bgePutsItsInstructionBeforeQueriesOnly() {
        try (OnnxEmbeddings bge = OnnxEmbeddings.bgeSmallEn()) {
            assertCosines(bge, InputType.DOCUMENT, 0.800, 0.360);
            String instruction = "Represent this sentence for searching relevant passages: ";
            assertThat(bge.embedQuery(QUESTION))
                    .isEqualTo(
                            bge.embedDocuments(List.of(instruction + QUESTION)).get(0));
        }
    }

    @Test
    void e5MarksQueriesAndPassages() {
        try (OnnxEmbeddings e5 = OnnxEmbeddings.e5Small()) {
            assertCosines(e5, InputType.QUERY, 0.906, 0.709);
            assertThat(e5.embedQuery(QUESTION))
                    .isNotEqualTo(e5.embedDocuments(List.of(QUESTION)).get(0));
        }
    }

    @Test
    void vectorsHaveTheLengthOfOne() {
        assertThat(miniLm.dimensions()).hasValue(384);
        assertThat(vectors(miniLm, mixedTexts()))
                .allSatisfy(vector -> assertThat(cosine(vector, vector)).isCloseTo(1.0, within(1e-5)));
    }

    @Test
    void aTextHasOneVectorWhateverItsNeighbours() {
        List<String> texts = mixedTexts();
        List<float[]> together = vectors(miniLm, texts);
        List<String> shuffled = new ArrayList<>(texts);
        Collections.shuffle(shuffled, new Random(3));
        List<float[]> otherOrder = vectors(miniLm, shuffled);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(otherOrder.get(shuffled.indexOf(texts.get(i)))).isEqualTo(together.get(i));
            assertThat(vectors(miniLm, texts.subList(i, i + 1)).get(0)).isEqualTo(together.get(i));
        }
    }

    @Test
    void batchesKeepTheOrderAndStayClose() {
        List<String> texts = mixedTexts();
        List<float[]> alone = vectors(miniLm, texts);
        List<float[]> inBatches = vectors(batched, texts);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(cosine(alone.get(i), inBatches.get(i))).isGreaterThan(0.97);
        }
    }

    @Test
    void manyCallersGetTheSameVectors() throws Exception {
        List<String> texts = mixedTexts();
        List<float[]> expected = vectors(miniLm, texts);
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try {
            Callable<List<float[]>> call = () -> vectors(miniLm, texts);
            for (Future<List<float[]>> found : callers.invokeAll(Collections.nCopies(8, call))) {
                assertThat(found.get()).usingElementComparator(Arrays::compare).isEqualTo(expected);
            }
        } finally {
            callers.shutdown();
        }
    }

    @Test
    void moreThreadsInARunChangeNothing() {
        try (OnnxEmbeddings two = OnnxEmbeddings.builder(PackagedModel.MINI_LM_L6_V2)
                .threadsPerRun(2)
                .build()) {
            assertThat(vectors(two, mixedTexts()))
                    .usingElementComparator(Arrays::compare)
                    .isEqualTo(vectors(miniLm, mixedTexts()));
        }
    }

    @Test
    void countsTheTokensTheModelRead() {
        EmbeddingResponse response = miniLm.embed(EmbeddingRequest.documents(List.of("Hello, world!", "hello")));
        assertThat(response.usage()).isEqualTo(Usage.of(6 + 3, 0));
        assertThat(response.model()).isEqualTo(miniLm.info().model());
    }

    @Test
    void anOverlongTextIsCutAndCounted() {
        String longText = "word ".repeat(1000);
        long before = miniLm.truncatedTexts();
        EmbeddingResponse response = miniLm.embed(EmbeddingRequest.documents(List.of("short", longText)));
        assertThat(response.usage().input()).hasValue(3 + 256);
        assertThat(miniLm.truncatedTexts() - before).isEqualTo(1);
        assertThat(response.vectors().get(1))
                .isEqualTo(vectors(miniLm, List.of("word ".repeat(254))).get(0));
    }

    @Test
    void anOverlongTextIsRejectedWherePolicySaysSo() {
        try (OnnxEmbeddings strict = OnnxEmbeddings.builder(PackagedModel.MINI_LM_L6_V2)
                .overlong(Overlong.REJECT)
                .build()) {
            assertThatThrownBy(() -> vectors(strict, List.of("short", "word ".repeat(255))))
                    .isInstanceOf(ContextTooLongException.class)
                    .hasMessageStartingWith("texts[1]: 257 tokens (expected: <= 256)");
            assertThat(vectors(strict, List.of("word ".repeat(254)))).hasSize(1);
        }
    }

    @Test
    void onlyDocumentsAreCutWherePolicySaysSo() {
        try (OnnxEmbeddings model = OnnxEmbeddings.builder(PackagedModel.MINI_LM_L6_V2)
                .overlong(Overlong.TRUNCATE_DOCUMENTS)
                .build()) {
            String longText = "word ".repeat(255);
            assertThat(vectors(model, List.of(longText))).hasSize(1);
            assertThat(model.truncatedTexts()).isEqualTo(1);
            assertThatThrownBy(() -> model.embedQuery(longText))
                    .isInstanceOf(ContextTooLongException.class)
                    .hasMessageStartingWith("texts[0]: 257 tokens (expected: <= 256)");
        }
    }

    @Test
    void refusesBlankTextsByPosition() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> miniLm.embedDocuments(List.of("a", "b", "c", " ")))
                .withMessageStartingWith("texts[3]: ");
    }

    @Test
    void aTextWithoutAnyTokenStillHasAVector() {
        assertThat(vectors(miniLm, List.of("\u0001"))).hasSize(1);
    }

    @Test
    void refusesAnotherLengthOrAnotherModel() {
        EmbeddingRequest request = EmbeddingRequest.query(QUESTION);
        assertThatThrownBy(
                        () -> miniLm.embed(request.toBuilder().dimensions(256).build()))
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessageStartingWith("dimensions: 256 (expected: 384)");
        assertThatThrownBy(() -> miniLm.embed(request.toBuilder().model("gpt").build()))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageStartingWith("model: 'gpt' (expected: all-MiniLM-L6-v2-q)");
        for (String name : List.of("all-MiniLM-L6-v2-q", miniLm.info().model())) {
            assertThat(miniLm.embed(request.toBuilder()
                                    .model(name)
                                    .dimensions(384)
                                    .build())
                            .vectors())
                    .hasSize(1);
        }
    }

    private static void assertCosines(OnnxEmbeddings model, InputType type, double near, double far) {
        List<float[]> vectors = model.embed(EmbeddingRequest.builder(List.of(QUESTION, PARAPHRASE, UNRELATED), type)
                        .build())
                .vectors();
        assertThat(cosine(vectors.get(0), vectors.get(1))).isCloseTo(near, within(0.01));
        assertThat(cosine(vectors.get(0), vectors.get(2))).isCloseTo(far, within(0.01));
    }

    private static List<float[]> vectors(OnnxEmbeddings model, List<String> texts) {
        return model.embedDocuments(texts);
    }

    /** 40 different texts of 1 to some 120 words. */
    private static List<String> mixedTexts() {
        List<String> words = List.of(
                "invoice", "refund", "Zürich", "shipping", "the", "of", "password", "資料", "quarterly", "risk", "cat");
        Random random = new Random(11);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            StringBuilder text = new StringBuilder("text " + i);
            int length = 1 + random.nextInt(i % 4 == 0 ? 120 : 15);
            for (int word = 0; word < length; word++) {
                text.append(' ').append(words.get(random.nextInt(words.size())));
            }
            texts.add(text.toString());
        }
        return texts;
    }

    private static double cosine(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (double) one[i] * other[i];
        }
        return sum;
    }
}
