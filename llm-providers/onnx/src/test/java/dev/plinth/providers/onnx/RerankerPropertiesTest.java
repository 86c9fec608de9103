package dev.plinth.providers.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse.Ranked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What holds for both kinds, on whole models. */
class RerankerPropertiesTest {

    /** A run with MiniLM takes some milliseconds. */
    private static final int TRIES = 20;

    private static final List<String> WORDS =
            List.of("price", "house", "shipping", "the", "of", "password", "risk", "cat", "warm", "rain");

    private static Path folder;
    private static OnnxReranker late;
    private static OnnxReranker lateBatched;
    private static OnnxReranker cross;
    private static OnnxReranker crossBatched;

    @BeforeContainer
    static void load() throws IOException {
        folder = Files.createTempDirectory("rerankers");
        late = OnnxReranker.lateInteraction(PackagedModel.MINI_LM_L6_V2);
        lateBatched = OnnxReranker.builder(PackagedModel.MINI_LM_L6_V2)
                .deterministic(false)
                .build();
        cross = counting().build();
        crossBatched = counting().deterministic(false).build();
    }

    private static OnnxReranker.Builder counting() {
        CrossEncoderProfile raw =
                CrossEncoderProfile.builder("counting").sigmoid(false).build();
        return OnnxReranker.builder(TestModels.overlap(folder), TestModels.tokenizer(folder), raw);
    }

    @AfterContainer
    static void free() throws IOException {
        for (OnnxReranker reranker : List.of(late, lateBatched, cross, crossBatched)) {
            reranker.close();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Property(tries = TRIES)
    void aDocumentHasOneScoreWhateverItsNeighbours(
            @ForAll("text") String query, @ForAll("documents") List<String> documents, @ForAll Random random) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, documents.size()).boxed().toList());
        Collections.shuffle(order, random);
        List<String> shuffled = order.stream().map(documents::get).toList();
        for (OnnxReranker reranker : List.of(late, cross)) {
            double[] scores = scores(reranker, query, documents);
            assertThat(scores(reranker, query, shuffled))
                    .isEqualTo(order.stream().mapToDouble(i -> scores[i]).toArray());
        }
    }

    @Property(tries = TRIES)
    void batchesKeepScoresWithTheirDocuments(
            @ForAll("text") String query, @ForAll("documents") List<String> documents) {
        assertThat(scores(crossBatched, query, documents))
                .containsExactly(scores(cross, query, documents), within(1e-5));
        assertThat(scores(lateBatched, query, documents))
                .containsExactly(
                        scores(late, query, documents), within(0.1)); // 8-bit numbers scale by their neighbours
    }

    @Property(tries = TRIES)
    void aCrossEncoderReadsEachPairAsItIs(@ForAll("text") String query, @ForAll("documents") List<String> documents) {
        double[] expected = documents.stream()
                .mapToDouble(document -> count(words(query), words(document)))
                .toArray();
        assertThat(scores(cross, query, documents)).containsExactly(expected, within(1e-5));
    }

    @Property(tries = TRIES)
    void theQueryItselfIsTheBestDocument(@ForAll("text") String query, @ForAll("documents") List<String> documents) {
        List<String> all = new ArrayList<>(documents);
        all.add(query);
        double[] scores = scores(late, query, all);
        assertThat(scores[documents.size()]).isCloseTo(1, within(1e-5));
        assertThat(Arrays.stream(scores).boxed())
                .allSatisfy(score -> assertThat(score).isBetween(-1.0, 1.0));
    }

    /** What {@link TestModels#counting()} says. All words are tokens by themselves. */
    private static double count(List<String> query, List<String> document) {
        long shared = query.stream().filter(document::contains).count();
        return shared - 0.01 * (query.size() + document.size() + 3);
    }

    private static List<String> words(String text) {
        return Arrays.asList(text.split(" "));
    }

    private static double[] scores(OnnxReranker reranker, String query, List<String> documents) {
        return reranker.rerank(RerankRequest.of(query, documents, documents.size())).ranked().stream()
                .sorted(Comparator.comparingInt(Ranked::index))
                .mapToDouble(Ranked::score)
                .toArray();
    }

    @Provide
    Arbitrary<List<String>> documents() {
        return text().list().ofMinSize(1).ofMaxSize(8);
    }

    @Provide
    Arbitrary<String> text() {
        return Arbitraries.of(WORDS).list().ofMinSize(1).ofMaxSize(20).map(words -> String.join(" ", words));
    }
}
