package dev.plinth.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.testkit.FakeConnector;
import dev.plinth.rag.WordVectors;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.ingest.IngestReport.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener that throws ends the run as what it threw, and no document has failed for it. */
class ListenersTest {
    private final WordVectors model = new WordVectors();
    private final InMemoryIndex index = InMemoryIndex.forModel(model).build();
    private final FakeConnector source = FakeConnector.create("wiki");

    @BeforeEach
    void fill() {
        source.put("a", "one").put("b", "two").put("c", "three");
    }

    /** Throws on the event of this number, from 1. */
    private static final class ThrowsOnce implements Consumer<Object> {
        private final int at;
        private int told;

        ThrowsOnce(int at) {
            this.at = at;
        }

        @Override
        public void accept(Object event) {
            if (++told == at) {
                throw new IllegalArgumentException("listener: broken");
            }
        }
    }

    private void endsTheRun(Ingestion ingestion) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ingestion.run(source))
                .withMessage("listener: broken");
        assertThat(index.list("wiki", null, 10).values())
                .allSatisfy(entry -> assertThat(entry.failure()).isNull());
        assertThat(index.checkpoint("wiki")).isEmpty();
        List<String> outcomes = new ArrayList<>();
        IngestReport next = Ingestion.builder(index, model)
                .onOutcome(outcome -> outcomes.add(outcome.documentId()))
                .build()
                .run(source);
        assertThat(next.stored()).isEqualTo(3);
        assertThat(outcomes).containsExactlyInAnyOrder("a", "b", "c");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void ofOutcomes(int at) {
        endsTheRun(Ingestion.builder(index, model).onOutcome(new ThrowsOnce(at)).build());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void ofProgress(int at) {
        endsTheRun(
                Ingestion.builder(index, model).onProgress(new ThrowsOnce(at)).build());
    }

    @Test
    void inALane() {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        endsTheRun(Ingestion.builder(index, model)
                .parallel(2, executor)
                .onOutcome(new ThrowsOnce(1))
                .build());
        executor.shutdown();
    }

    @Test
    void aReportThatDoesNotAddUpIsNone() {
        Map<Status, Long> counts = Map.of(Status.ADDED, 2L, Status.SKIPPED, 1L, Status.REMOVED, 5L, Status.KEPT, 1L);
        assertThat(new IngestReport("wiki", 3, counts, List.of(), 0).named()).isEqualTo(3);
        assertThatThrownBy(() -> new IngestReport("wiki", 4, counts, List.of(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("named: 4 (expected: 3, which were stored, skipped or failed)");
    }
}
