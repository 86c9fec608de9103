package dev.plinth.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.rag.WordVectors;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.ingest.IngestReport.Outcome;
import dev.plinth.rag.ingest.IngestReport.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What runs over time do: changes since, failures that come back, several lanes. */
class IngestionRunsTest {
    private final WordVectors model = new WordVectors();
    private final InMemoryIndex index = InMemoryIndex.forModel(model).build();
    private final ExecutorService executor = Executors.newFixedThreadPool(4);

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    private IngestReport run(Connector connector) {
        return Ingestion.into(index, model).run(connector);
    }

    @Test
    void asksASourceThatCanTellOnlyForWhatHasChanged() {
        Shelf shelf = new Shelf(true).put("a", "one").put("b", "two").put("c", "three");
        run(shelf);
        int fetched = shelf.fetched();
        shelf.put("b", "two again").remove("c");
        IngestReport report = run(shelf);

        assertThat(shelf.cursors()).containsExactly(null, "b", "since 3");
        assertThat(shelf.fetched() - fetched).isEqualTo(1);
        assertThat(report.count(Status.CHANGED)).isEqualTo(1);
        assertThat(report.count(Status.REMOVED)).isEqualTo(1);
        assertThat(report.named()).isEqualTo(1);
        assertThat(index.size()).isEqualTo(2);
    }

    @Test
    void goesOverEverythingWhenAsked() {
        Shelf shelf = new Shelf(true).put("a", "one").put("b", "two");
        run(shelf);
        shelf.texts().remove("b"); // without telling
        assertThat(run(shelf).count(Status.REMOVED)).isZero();
        assertThat(Ingestion.into(index, model).runFully(shelf).count(Status.REMOVED))
                .isEqualTo(1);
        assertThat(index.size()).isEqualTo(1);
    }

    @Test
    void aListOfNothingRemovesNothing() {
        Shelf shelf = new Shelf(false).put("a", "one").put("b", "two");
        run(shelf);
        shelf.remove("a").remove("b");
        IngestReport report =
                Ingestion.builder(index, model).maxRemovedShare(1).build().run(shelf);
        assertThat(report.count(Status.KEPT)).isEqualTo(2);
        assertThat(report.problems().get(0).reason())
                .isEqualTo("missing with 2 of 2 documents (expected: any document listed)");
        assertThat(index.size()).isEqualTo(2);
    }

    @Test
    void upToTenMayAlwaysGoUnlessNoneMay() {
        Shelf shelf = new Shelf(false);
        for (int i = 0; i < 11; i++) {
            shelf.put("doc" + i, "Words of document " + i);
        }
        run(shelf);
        for (int i = 0; i < 10; i++) {
            shelf.remove("doc" + i);
        }
        IngestReport none =
                Ingestion.builder(index, model).maxRemovedShare(0).build().run(shelf);
        assertThat(none.count(Status.KEPT)).isEqualTo(10);
        assertThat(index.size()).isEqualTo(11);
        IngestReport few =
                Ingestion.builder(index, model).maxRemovedShare(0.01).build().run(shelf);
        assertThat(few.count(Status.REMOVED)).isEqualTo(10);
        assertThat(index.size()).isEqualTo(1);
    }

    @Test
    void triesAgainWhatAListOfChangesWillNotName() {
        Shelf shelf = new Shelf(true).put("a", "one").put("b", "two");
        shelf.breaks("b");
        assertThat(run(shelf).failed()).isEqualTo(1);
        shelf.mends("b");
        IngestReport report = run(shelf);
        assertThat(report.count(Status.ADDED)).isEqualTo(1);
        assertThat(index.find("shelf", List.of("b")).get("b").failure()).isNull();
    }

    @Test
    void triesAgainWhatTheModelFailedOnThoughTheListGoesOn() {
        Shelf shelf = new Shelf(true).put("a", "one").put("b", "two");
        run(shelf);
        shelf.put("b", "two again").put("c", "three");
        model.failOn("three");
        assertThat(run(shelf).count(Status.FAILED)).isEqualTo(1);
        model.failOn("");
        IngestReport report = run(shelf);
        assertThat(report.count(Status.ADDED)).isEqualTo(1);
        assertThat(report.named()).as("nothing else is told again").isEqualTo(1);
        run(shelf);
        assertThat(shelf.cursors()).containsExactly(null, "since 2", "since 4", "since 4");
    }

    @Test
    void quarantinesWhatFailsAgainAndAgainUntilItChanges() {
        Shelf shelf = new Shelf(false).put("a", "one").put("b", "two");
        run(shelf);
        shelf.put("b", "broken now");
        shelf.breaks("b");
        List<Status> statuses = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            IngestReport report = run(shelf);
            assertThat(report.failed()).isEqualTo(1);
            assertThat(report.named()).isEqualTo(2);
            statuses.add(report.problems().get(0).status());
        }
        assertThat(statuses)
                .containsExactly(
                        Status.FAILED, Status.FAILED, Status.QUARANTINED, Status.QUARANTINED, Status.QUARANTINED);
        assertThat(shelf.fetched()).as("two at first, then three tries").isEqualTo(5);
        assertThat(index.size()).as("the old version stays").isEqualTo(2);
        Ledger.Failure failure = index.find("shelf", List.of("b")).get("b").failure();
        assertThat(failure.times()).isEqualTo(3);
        assertThat(failure.cause()).contains("document: b is broken");

        shelf.mends("b");
        shelf.put("b", "whole again");
        assertThat(run(shelf).count(Status.CHANGED)).isEqualTo(1);
    }

    @Test
    void aFullRunTriesWhatWasLeftAloneAgain() {
        Shelf shelf = new Shelf(true).put("a.md", "# x\n\ny\n\n".repeat(20));
        Ingestion small = Ingestion.builder(index, model).maxChunks(10).build();
        for (int i = 0; i < 3; i++) {
            small.run(shelf);
        }
        assertThat(run(shelf).count(Status.QUARANTINED)).isEqualTo(1);
        assertThat(small.runFully(shelf).count(Status.QUARANTINED)).isEqualTo(1);
        assertThat(shelf.fetched()).as("three tries, and the full run's").isEqualTo(4);
        Ingestion here = Ingestion.into(index, model);
        Ingestion spread = Ingestion.builder(index, model)
                .workers(4, items -> here.bringIn(shelf, items))
                .build();
        assertThat(spread.runFully(shelf).count(Status.ADDED)).isEqualTo(1);
        assertThat(index.size()).isEqualTo(20);
    }

    @Test
    void anotherVersionOfTheSameContentIsNotEmbeddedAgain() {
        Shelf shelf = new Shelf(false).put("a", "one");
        run(shelf);
        shelf.put("a", "one");
        int embedded = model.embedded();
        assertThat(run(shelf).count(Status.UNCHANGED)).isEqualTo(1);
        assertThat(model.embedded()).isEqualTo(embedded);
        int fetched = shelf.fetched();
        run(shelf);
        assertThat(shelf.fetched()).as("the new version is known").isEqualTo(fetched);
    }

    @Test
    void worksInLanesAndGivesTheSame() throws Exception {
        Shelf shelf = new Shelf(false);
        for (int i = 0; i < 200; i++) {
            shelf.put("doc-" + i + ".md", "# Title " + i + "\n\nWords of document " + i + ".\n\n# More\n\nto say");
        }
        List<Outcome> outcomes = new ArrayList<>();
        CyclicBarrier together = new CyclicBarrier(4);
        Connector meeting = new Forwarding(shelf) {
            private int fetched;

            @Override
            public Document fetch(Item item) {
                boolean early;
                synchronized (this) {
                    early = fetched++ < 4;
                }
                if (early) {
                    await(together); // all four lanes are in at once, or this never ends
                }
                return super.fetch(item);
            }
        };
        IngestReport report = Ingestion.builder(index, model)
                .parallel(4, executor)
                .onOutcome(outcomes::add)
                .build()
                .run(meeting);
        assertThat(report.count(Status.ADDED)).isEqualTo(200);
        assertThat(outcomes).hasSize(200).extracting(Outcome::documentId).doesNotHaveDuplicates();
        assertThat(index.size()).isEqualTo(400);
        assertThat(report.embeddedChunks()).isEqualTo(400);
        assertThat(Ingestion.builder(index, model)
                        .parallel(4, executor)
                        .build()
                        .run(shelf)
                        .changedAnything())
                .isFalse();
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception exception) {
            throw new IllegalStateException(exception);
        }
    }

    @Test
    void interruptionEndsTheLanesAndTheNextRunGoesOn() throws Exception {
        Shelf shelf = new Shelf(false);
        for (int i = 0; i < 100; i++) {
            shelf.put("doc-" + i, "Words " + i);
        }
        Thread caller = Thread.currentThread();
        CountDownLatch never = new CountDownLatch(1);
        List<String> ended = new ArrayList<>();
        Connector blocking = new Forwarding(shelf) {
            @Override
            public Document fetch(Item item) {
                caller.interrupt();
                try {
                    never.await();
                } catch (InterruptedException interrupted) {
                    synchronized (ended) {
                        ended.add(item.id());
                    }
                    throw new CancelledException("fetch: interrupted (expected: to run to its end)");
                }
                return super.fetch(item);
            }
        };
        Ingestion ingestion =
                Ingestion.builder(index, model).parallel(2, executor).build();
        assertThatThrownBy(() -> ingestion.run(blocking)).isInstanceOf(CancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(ended).as("no lane is left behind").isNotEmpty();
        assertThat(index.checkpoint("shelf")).isEmpty();

        assertThat(ingestion.run(shelf).count(Status.ADDED)).isEqualTo(100);
    }

    @Test
    void aDocumentThatIsTooLargeFailsAlone() {
        Shelf shelf = new Shelf(false).put("a.md", "# x\n\ny\n\n".repeat(20)).put("b", "small");
        IngestReport report =
                Ingestion.builder(index, model).maxChunks(10).build().run(shelf);
        assertThat(report.count(Status.ADDED)).isEqualTo(1);
        assertThat(report.problems().get(0).reason()).contains("chunks: 20 (expected: at most 10 of a document)");
    }

    @Test
    void aDocumentNestedDeeperThanItsParserCanFollowFailsAlone() {
        Shelf shelf = new Shelf(true).put("deep", "one").put("flat", "two");
        Connector parsing = new Forwarding(shelf) {
            @Override
            public Document fetch(Item item) {
                if (item.id().equals("deep")) {
                    throw new StackOverflowError();
                }
                return super.fetch(item);
            }
        };
        IngestReport report = run(parsing);
        assertThat(report.count(Status.ADDED)).isEqualTo(1);
        assertThat(report.problems().get(0).reason()).contains("StackOverflowError");
        assertThat(index.find("shelf", List.of("deep")).get("deep").failure()).isNotNull();
    }

    @Test
    void aSourceThatCannotBeListedChangesNothing() {
        Shelf shelf = new Shelf(false).put("a", "one");
        run(shelf);
        Connector unreachable = new Forwarding(shelf) {
            @Override
            public Page list(@Nullable String cursor) {
                throw new StoreException("shelf: unreachable (expected: there)");
            }
        };
        assertThatThrownBy(() -> run(unreachable)).hasMessageContaining("unreachable");
        assertThat(index.size()).isEqualTo(1);
    }

    @Test
    void remembersWhen() {
        TestTime time = TestTime.manual();
        Shelf shelf = new Shelf(true).put("a", "one");
        Ingestion.builder(index, model).time(time).build().run(shelf);
        Ledger.Checkpoint checkpoint = index.checkpoint("shelf").orElseThrow();
        assertThat(checkpoint.cursor()).endsWith("\nsince 1");
        assertThat(checkpoint.at()).isEqualTo(time.now());
        assertThat(index.find("shelf", List.of("a")).get("a").stored().at()).isEqualTo(time.now());
    }

    @Test
    void doesNotSayThatAnIncompleteListWasGoneThrough() {
        TestTime time = TestTime.manual();
        Shelf shelf = new Shelf(false).put("a", "one");
        Connector incomplete = new Forwarding(shelf) {
            @Override
            public Page list(@Nullable String cursor) {
                Page page = super.list(cursor);
                return new Page(page.items(), page.removed(), page.skipped(), null, null, false, -1);
            }
        };
        Ingestion ingestion = Ingestion.builder(index, model).time(time).build();
        ingestion.run(incomplete);
        assertThat(index.checkpoint("shelf")).isEmpty();
        ingestion.run(shelf);
        Instant complete = time.now();
        time.advance(Duration.ofDays(1));
        ingestion.run(incomplete);
        assertThat(index.checkpoint("shelf").orElseThrow().at()).isEqualTo(complete);
    }

    /** Hands on to another connector; a test overrides one method. */
    private static class Forwarding implements Connector {
        private final Connector next;

        Forwarding(Connector next) {
            this.next = next;
        }

        @Override
        public String name() {
            return next.name();
        }

        @Override
        public Page list(@Nullable String cursor) {
            return next.list(cursor);
        }

        @Override
        public Document fetch(Item item) {
            return next.fetch(item);
        }

        @Override
        public void close() {
            next.close();
        }
    }
}
