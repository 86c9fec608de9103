package dev.plinth.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.testkit.FakeLedger;
import dev.plinth.api.testkit.FakeVectorStore;
import dev.plinth.rag.WordVectors;
import dev.plinth.rag.split.Splitter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An ingestion that dies at each step it takes, before and after the step has its effect: the next run must make up for
 * it, whatever has changed in the source meanwhile.
 */
class KilledIngestionTest {
    /** What stands for {@code kill -9}: nothing catches it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final WordVectors model = new WordVectors();
    private final FakeVectorStore store = FakeVectorStore.create("word-vectors", WordVectors.DIMENSIONS);
    private final FakeLedger ledger = FakeLedger.create();

    /** Counts the steps that change something; one of them is the last. */
    private static final class Death {
        private int stepsLeft;

        Death(int step) {
            this.stepsLeft = step;
        }

        /** Two moments of a step: before its effect and after. */
        void around(Runnable effect) {
            moment();
            effect.run();
            moment();
        }

        private void moment() {
            if (stepsLeft-- == 0) {
                throw new Killed();
            }
        }

        boolean came() {
            return stepsLeft < 0;
        }
    }

    /** A store without transactions: every chunk is a step, and what is put in comes before what is taken out. */
    private final class Store implements VectorStore {
        private final Death death;

        Store(Death death) {
            this.death = death;
        }

        @Override
        public void write(List<Embedded> chunks, Collection<String> deleted) {
            Set<String> gone = new TreeSet<>(deleted);
            chunks.forEach(chunk -> gone.remove(chunk.chunk().id()));
            chunks.forEach(chunk -> death.around(() -> store.upsert(List.of(chunk))));
            gone.forEach(id -> death.around(() -> store.delete(List.of(id))));
        }

        @Override
        public List<Match> search(VectorQuery query) {
            return store.search(query);
        }

        @Override
        public List<Embedded> fetch(Collection<String> ids) {
            return store.fetch(ids);
        }

        @Override
        public Page scan(@Nullable String cursor, int limit) {
            return store.scan(cursor, limit);
        }

        @Override
        public long size() {
            return store.size();
        }

        @Override
        public Stamp stamp() {
            return store.stamp();
        }

        @Override
        public void close() {
            // the store outlives the process
        }
    }

    private final class DyingLedger implements Ledger {
        private final Death death;

        DyingLedger(Death death) {
            this.death = death;
        }

        @Override
        public Map<String, Entry> find(String source, Collection<String> documentIds) {
            return ledger.find(source, documentIds);
        }

        @Override
        public Map<String, Entry> list(String source, @Nullable String after, int limit) {
            return ledger.list(source, after, limit);
        }

        @Override
        public void put(String source, Map<String, Entry> entries) {
            death.around(() -> ledger.put(source, entries));
        }

        @Override
        public void remove(String source, Collection<String> documentIds) {
            death.around(() -> ledger.remove(source, documentIds));
        }

        @Override
        public Set<String> sources() {
            return ledger.sources();
        }

        @Override
        public Optional<Checkpoint> checkpoint(String source) {
            return ledger.checkpoint(source);
        }

        @Override
        public void checkpoint(String source, Checkpoint checkpoint) {
            death.around(() -> ledger.checkpoint(source, checkpoint));
        }
    }

    private IngestReport run(Shelf shelf, Death death) {
        return Ingestion.builder(new Store(death), new DyingLedger(death), model)
                .splitter(Splitter.standard().maxSize(16))
                .batchSize(3)
                .build()
                .run(shelf);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isMadeUpForByTheNextRun(boolean tellsChanges) {
        int step = 0;
        boolean died = true;
        while (died) {
            clear();
            Shelf shelf = new Shelf(tellsChanges);
            shelf.put("a", "one two three four five six seven").put("b", "old words of b here");
            shelf.put("c", "to be removed soon")
                    .put("d", "never changes at all")
                    .put("e", "");
            run(shelf, new Death(Integer.MAX_VALUE));

            change(shelf, 1);
            Death death = new Death(step++);
            Throwable thrown = catchThrowable(() -> run(shelf, death));
            died = death.came();
            assertThat(thrown instanceof Killed).as("step " + step).isEqualTo(died);
            change(shelf, step % 3);
            IngestReport report = run(shelf, new Death(Integer.MAX_VALUE));
            assertThat(report.failed()).isZero();

            assertThat(held()).as("after a death at step %d", step).containsExactlyElementsOf(expected(shelf));
            assertThat(run(shelf, new Death(Integer.MAX_VALUE)).changedAnything())
                    .isFalse();
        }
        assertThat(step).as("steps tried").isGreaterThan(25);
    }

    /** The note of the first death is known to the second run only: what it tells must not be lost with it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void twiceInARowIsMadeUpForToo(boolean tellsChanges) {
        int first = 0;
        boolean died = true;
        while (died) {
            int second = 0;
            boolean diedAgain = true;
            while (diedAgain) {
                clear();
                Shelf shelf = new Shelf(tellsChanges);
                shelf.put("a", "old words of a").put("b", "stays");
                run(shelf, new Death(Integer.MAX_VALUE));
                shelf.put("a", "some other words of a, and longer");
                died = dies(shelf, first);
                shelf.put("a", "the third words");
                diedAgain = dies(shelf, second);
                shelf.put("c", "another one");
                run(shelf, new Death(Integer.MAX_VALUE));
                assertThat(held())
                        .as("after deaths at steps %d and %d", first, second)
                        .containsExactlyElementsOf(expected(shelf));
                second++;
            }
            first++;
        }
        assertThat(first).as("steps tried").isGreaterThan(10);
    }

    private boolean dies(Shelf shelf, int step) {
        Death death = new Death(step);
        Throwable thrown = catchThrowable(() -> run(shelf, death));
        assertThat(thrown instanceof Killed).isEqualTo(death.came());
        return death.came();
    }

    private void clear() {
        store.delete(store.scan(null, 1000).chunks().stream()
                .map(one -> one.chunk().id())
                .toList());
        ledger.remove("shelf", ledger.list("shelf", null, 1000).keySet());
        ledger.checkpoint("shelf", new Ledger.Checkpoint(null, Instant.EPOCH));
    }

    /** What happens in the source before and after the death: 0: nothing more. */
    private static void change(Shelf shelf, int kind) {
        if (kind == 1) {
            shelf.put("a", "one two three 4 five 6 seven and eight")
                    .put("b", "b is new")
                    .put("f", "added to it now");
            shelf.remove("c");
        } else if (kind == 2) {
            shelf.put("a", "short").put("c", "back again");
            shelf.remove("b");
        }
    }

    private List<String> held() {
        List<String> texts = new ArrayList<>();
        for (Embedded one : store.scan(null, 1000).chunks()) {
            texts.add(one.chunk().documentId() + ": " + one.chunk().text());
        }
        return texts.stream().sorted().toList();
    }

    private static List<String> expected(Shelf shelf) {
        List<String> texts = new ArrayList<>();
        Splitter splitter = Splitter.standard().maxSize(16);
        for (String id : shelf.texts().keySet()) {
            splitter.split(shelf.fetch(new Connector.Item(id, "any")))
                    .forEach(chunk -> texts.add(id + ": " + chunk.text()));
        }
        return texts.stream().sorted().toList();
    }
}
