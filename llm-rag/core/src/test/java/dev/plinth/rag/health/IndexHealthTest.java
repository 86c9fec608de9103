package dev.plinth.rag.health;

import static dev.plinth.rag.Chunks.chunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.testkit.FakeLedger;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.rag.WordVectors;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.index.ScanMode;
import dev.plinth.rag.retrieve.HybridRetriever;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IndexHealthTest {
    private static final List<String> KNOWN = List.of("parcel", "refund", "invoice", "shipping", "address", "delivery");

    private final WordVectors model = new WordVectors();
    private final InMemoryIndex index = InMemoryIndex.forModel(model).build();
    private final TestTime time = TestTime.manual();
    private final Random random = new Random(3);

    private void fill(int chunks) {
        List<Embedded> all = new ArrayList<>();
        for (int i = 0; i < chunks; i++) {
            String text = words(KNOWN, 4) + " number" + i;
            all.add(new Embedded(chunk("c" + i, text), WordVectors.vector(text)));
        }
        index.upsert(all);
    }

    private String words(List<String> from, int count) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < count; i++) {
            words.append(from.get(random.nextInt(from.size()))).append(' ');
        }
        return words.toString();
    }

    private IndexHealth health() {
        return IndexHealth.builder(index, index, model).time(time).window(50).build();
    }

    @Test
    void tellsHowFreshAndHowWholeEachSourceIs() {
        Ledger.Stored stored = new Ledger.Stored("v", "d", "p#", 1, time.now());
        Ledger.Failure failure = new Ledger.Failure("w", "broken", 1, time.now());
        index.put(
                "wiki",
                Map.of(
                        "a", new Ledger.Entry(stored, null, null),
                        "b", new Ledger.Entry(stored, null, failure),
                        "c", new Ledger.Entry(null, null, failure),
                        "d", new Ledger.Entry(stored, stored, null)));
        index.put("mail", Map.of("a", new Ledger.Entry(stored, null, null)));
        index.checkpoint("wiki", new Ledger.Checkpoint(null, time.now()));
        time.advance(Duration.ofMinutes(90));

        HealthReport report = health().measure();
        assertThat(report.sources())
                .containsExactly(
                        new HealthReport.SourceHealth("mail", 1, 0, 0, Optional.empty()),
                        new HealthReport.SourceHealth("wiki", 3, 2, 1, Optional.of(Duration.ofMinutes(90))));
        assertThat(report.figures())
                .containsEntry("rag.index.documents.stored", 4.0)
                .containsEntry("rag.index.documents.failed", 2.0)
                .containsEntry("rag.index.documents.unfinished", 1.0)
                .as("one source was never gone through; the age is that of the other")
                .containsEntry("rag.index.sources.never", 1.0)
                .containsKey("rag.index.age.seconds");
        index.checkpoint("mail", new Ledger.Checkpoint(null, time.now()));
        assertThat(health().measure().figures()).containsEntry("rag.index.age.seconds", 5400.0);
    }

    @Test
    void knowsNothingOfWhatItHasNotSeen() {
        HealthReport report = health().measure();
        assertThat(report.emptyRate()).isEmpty();
        assertThat(report.recall()).isEmpty();
        assertThat(report.drift()).isEmpty();
        assertThat(report.figures()).doesNotContainKeys("rag.index.recall", "rag.retrievals.empty.share");
    }

    @Test
    void countsSearchesThatFindNothing() {
        IndexHealth health = health();
        Retriever watched = health.watch(HybridRetriever.over(index, model));
        watched.retrieve(RetrievalRequest.of("parcel", 5));
        fill(3);
        watched.retrieve(RetrievalRequest.of("parcel", 5));
        HealthReport report = health.measure();
        assertThat(report.retrievals()).isEqualTo(2);
        assertThat(report.emptyRate()).hasValue(0.5);
    }

    @Test
    void measuresTheRecallOfAStore() {
        fill(3000);
        IndexHealth exact = health();
        Retriever watched = exact.watch(HybridRetriever.over(index, model));
        for (int i = 0; i < 60; i++) {
            watched.retrieve(RetrievalRequest.of(words(KNOWN, 3), 5));
        }
        HealthReport.Recall recall = exact.measure().recall().orElseThrow();
        assertThat(recall.mean()).isEqualTo(1);
        assertThat(recall.questions()).isEqualTo(50);
        assertThat(recall.depth()).isEqualTo(10);
        assertThat(recall.lowerBound()).as("Wilson: 1 / (1 + 1.645^2 / 50)").isCloseTo(0.94866, within(1e-5));

        InMemoryIndex coarse = InMemoryIndex.forModel(model)
                .scanMode(ScanMode.BINARY)
                .targetRecall(0)
                .build();
        index.scan(null, 5000).chunks().forEach(one -> coarse.upsert(List.of(one)));
        IndexHealth approximate =
                IndexHealth.builder(coarse, FakeLedger.create(), model).build();
        Retriever coarseWatched = approximate.watch(HybridRetriever.over(coarse, model));
        for (int i = 0; i < 60; i++) {
            coarseWatched.retrieve(RetrievalRequest.of(words(KNOWN, 3), 5));
        }
        HealthReport.Recall less = approximate.measure().recall().orElseThrow();
        assertThat(less.mean()).isBetween(0.05, 0.999);
        assertThat(less.lowerBound()).isLessThan(less.mean());
    }

    @Test
    void tellsQuestionsThatHaveMovedAwayFromThoseThatHaveNot() {
        fill(500);
        List<String> foreign = List.of("tax", "visa", "holiday", "pension", "salary", "overtime");
        for (boolean moved : List.of(false, true)) {
            IndexHealth health = health();
            Retriever watched = health.watch(HybridRetriever.over(index, model));
            for (int i = 0; i < 50; i++) {
                watched.retrieve(RetrievalRequest.of(words(KNOWN, 3), 5));
            }
            assertThat(health.measure().drift()).as("one window only").isEmpty();
            for (int i = 0; i < 50; i++) {
                watched.retrieve(RetrievalRequest.of(words(moved ? foreign : KNOWN, 3), 5));
            }
            HealthReport.Drift drift = health.measure().drift().orElseThrow();
            assertThat(drift.significant()).isEqualTo(moved);
            if (!moved) {
                assertThat(drift.nearest()).isCloseTo(drift.baseline(), within(0.1));
            }
        }
    }

    @Test
    void refusesAnotherModel() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IndexHealth.builder(index, index, new WordVectors("other")));
    }

    @Test
    void questionsAreEmbeddedOnce() {
        fill(10);
        IndexHealth health = health();
        health.watch(HybridRetriever.over(index, model)).retrieve(RetrievalRequest.of("one", 5));
        int before = model.embedded();
        health.measure();
        health.measure();
        assertThat(model.embedded() - before)
                .as("as a first and as a recent question")
                .isEqualTo(1);
    }
}
