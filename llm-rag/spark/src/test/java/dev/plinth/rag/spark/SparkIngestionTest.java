package dev.plinth.rag.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.rag.connect.FolderConnector;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.ingest.IngestReport;
import dev.plinth.rag.ingest.IngestReport.Outcome;
import dev.plinth.rag.ingest.IngestReport.Status;
import dev.plinth.rag.ingest.Ingestion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkIngestionTest {
    private static JavaSparkContext spark;

    @TempDir
    Path folder;

    private Site site;

    @BeforeAll
    static void start() {
        spark = LocalCluster.start("org.apache.spark.serializer.KryoSerializer");
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @BeforeEach
    void open() {
        site = Site.in(folder);
    }

    private void write(int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            Files.writeString(folder.resolve("doc" + i + ".md"), "# Document " + i + "\n\nWords.\n\n# More\n\nof " + i);
        }
    }

    private SparkIngestion ingestion() {
        return SparkIngestion.on(spark, site.opener());
    }

    private IngestReport run() {
        IngestReport report = ingestion().run();
        assertThat(site.closed).as("pipelines closed").hasValue(site.opened.get());
        return report;
    }

    /** What the files as they are now come to in a run without Spark, into an empty store. */
    private Map<String, String> expected() {
        InMemoryIndex index = InMemoryIndex.forModel(new Hashes(texts -> {})).build();
        Ingestion.into(index, new Hashes(texts -> {}))
                .run(FolderConnector.of(folder).named("docs"));
        return Site.content(index, index);
    }

    @Test
    void bringsInWhatAnIngestionDoesAndOnlyOnce() throws Exception {
        write(0, 40);
        Files.writeString(folder.resolve("image.png"), "x");
        IngestReport first = run();
        assertThat(first.summary())
                .isEqualTo(
                        "docs: 40 added, 0 changed, 0 unchanged, 1 skipped, 0 failed, 0 quarantined, 0 removed, 0 kept");
        assertThat(first.embeddedChunks()).isEqualTo(80);
        assertThat(site.embedded).hasValue(80);
        assertThat(site.opened).as("the driver's, and one for each core").hasValue(3);
        assertThat(site.content()).isEqualTo(expected());

        IngestReport second = run();
        assertThat(second.summary())
                .isEqualTo(
                        "docs: 0 added, 0 changed, 40 unchanged, 1 skipped, 0 failed, 0 quarantined, 0 removed, 0 kept");
        assertThat(second.embeddedChunks()).isZero();
        assertThat(site.embedded).hasValue(80);
        assertThat(site.opened).as("no task").hasValue(4);
    }

    @Test
    void takesOverWhatHasChangedAndRemovesWhatIsGone() throws Exception {
        write(0, 20);
        run();
        write(20, 22);
        Files.writeString(folder.resolve("doc3.md"), "another text");
        Files.delete(folder.resolve("doc4.md"));
        IngestReport report = run();
        assertThat(report.summary())
                .isEqualTo(
                        "docs: 2 added, 1 changed, 18 unchanged, 0 skipped, 0 failed, 0 quarantined, 1 removed, 0 kept");
        assertThat(report.embeddedChunks()).isEqualTo(5);
        assertThat(site.content()).isEqualTo(expected());
        assertThat(ingestion().runFully().changedAnything()).isFalse();
    }

    @Test
    void keepsWhatIsMissingWhenItIsTooMuch() throws Exception {
        write(0, 24);
        run();
        Map<String, String> before = site.content();
        for (int i = 0; i < 20; i++) {
            Files.delete(folder.resolve("doc" + i + ".md"));
        }
        assertThat(run().count(Status.KEPT)).isEqualTo(20);
        assertThat(site.content()).isEqualTo(before);
    }

    @Test
    void cutsWorkIntoJobsAndTasks() throws Exception {
        write(0, 30);
        IngestReport report =
                ingestion().documentsPerTask(3).documentsPerJob(10).run();
        assertThat(report.count(Status.ADDED)).isEqualTo(30);
        assertThat(site.opened.get()).isEqualTo(1 + 10);
        assertThat(site.content()).isEqualTo(expected());
        assertThatIllegalArgumentException().isThrownBy(() -> ingestion().documentsPerTask(0));
        assertThatIllegalArgumentException().isThrownBy(() -> ingestion().documentsPerJob(0));
    }

    /** Wherever in its work a task dies, Spark tries it again, and the end is the same. */
    @Test
    void aTaskThatDiesIsTakenUpByTheNext() throws Exception {
        write(0, 6);
        run();
        int deaths = 0;
        for (String step : List.of("embed", "find", "put", "write")) {
            for (int at = 1; ; at++) {
                write(6 + deaths, 12 + deaths); // mostly new ones
                Files.writeString(folder.resolve("doc0.md"), step + at);
                AtomicInteger left = new AtomicInteger(at);
                Thread driver = Thread.currentThread();
                site.onStep = now -> {
                    if (now.equals(step) && Thread.currentThread() != driver && left.decrementAndGet() == 0) {
                        throw new AssertionError("the task dies");
                    }
                };
                int before = site.embedded.get();
                IngestReport report = run();
                assertThat(report.stored()).as(step + at).isEqualTo(report.named());
                assertThat(site.content()).as(step + at).isEqualTo(expected());
                assertThat(report.count(Status.CHANGED)).as(step + at).isEqualTo(1);
                assertThat(site.embedded.get() - before)
                        .as("nothing but a batch twice")
                        .isBetween((int) report.embeddedChunks(), (int) report.embeddedChunks() + 16);
                site.onStep = now -> {};
                assertThat(run().changedAnything()).isFalse();
                if (left.get() > 0) {
                    break; // it did not come to that step any more
                }
                deaths++;
            }
        }
        assertThat(deaths).isGreaterThan(8);
    }

    @Test
    void whenSparkGivesUpTheNextRunGoesOn() throws Exception {
        write(0, 10);
        AtomicInteger writes = new AtomicInteger();
        site.onStep = step -> {
            if (step.equals("write") && writes.incrementAndGet() > 2) {
                throw new AssertionError("the task dies");
            }
        };
        assertThatThrownBy(() -> ingestion().run())
                .isInstanceOf(StoreException.class)
                .hasMessage("spark: a task has failed too often")
                .hasStackTraceContaining("the task dies");
        assertThat(site.index.checkpoint("docs")).isEmpty();
        site.onStep = step -> {};
        IngestReport report = run();
        assertThat(report.count(Status.UNCHANGED)).as("came in before").isPositive();
        assertThat(report.stored()).isEqualTo(10);
        assertThat(site.content()).isEqualTo(expected());
    }

    @Test
    void aPoisonedFileIsLeftAloneAfterThreeRuns() throws Exception {
        write(0, 5);
        Files.write(folder.resolve("poison.md"), "Gr\u00fc\u00dfe".getBytes(StandardCharsets.ISO_8859_1));
        List<Status> statuses = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            IngestReport report = run();
            assertThat(report.stored()).isEqualTo(5);
            Outcome problem = report.problems().get(0);
            assertThat(problem.documentId()).isEqualTo("poison.md");
            assertThat(problem.reason()).contains("file: poison.md is no text");
            statuses.add(problem.status());
        }
        assertThat(statuses).containsExactly(Status.FAILED, Status.FAILED, Status.QUARANTINED, Status.QUARANTINED);
        assertThat(site.index
                        .find("docs", List.of("poison.md"))
                        .get("poison.md")
                        .failure()
                        .times())
                .isEqualTo(3);
        Files.writeString(folder.resolve("poison.md"), "healed");
        assertThat(run().count(Status.ADDED)).isEqualTo(1);
    }

    /** As in speculative execution: two attempts of one task, each step of one next to the same step of the other. */
    @Test
    void twoAttemptsAtOnceEndAsOne() throws Exception {
        write(0, 7);
        run();
        write(7, 12);
        Files.writeString(folder.resolve("doc0.md"), "another text");
        List<Share.Listed> listed;
        try (Connector connector = FolderConnector.of(folder).named("docs")) {
            listed =
                    connector.list(null).items().stream().map(Share.Listed::new).toList();
        }
        CyclicBarrier both = new CyclicBarrier(2);
        site.onStep = step -> {
            try {
                both.await();
            } catch (Exception exception) {
                throw new IllegalStateException(exception);
            }
        };
        Callable<List<Status>> attempt = () -> {
            List<Status> statuses = new ArrayList<>();
            new Share(site.opener())
                    .call(listed.iterator())
                    .forEachRemaining(done -> statuses.add(done.outcome().status()));
            return statuses;
        };
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            var one = executor.submit(attempt);
            var other = executor.submit(attempt);
            assertThat(one.get()).hasSize(12).doesNotContain(Status.FAILED);
            assertThat(other.get()).hasSize(12).doesNotContain(Status.FAILED);
        } finally {
            executor.shutdownNow();
        }
        site.onStep = step -> {};
        assertThat(site.content()).isEqualTo(expected());
        assertThat(run().changedAnything()).isFalse();
    }

    @Test
    void aModelThatFailsEndsTheRunEarlyAndNothingIsForgotten() throws Exception {
        write(0, 40);
        site.onStep = step -> {
            if (step.equals("embed")) {
                throw new StoreException("model: busy (expected: an answer)");
            }
        };
        IngestReport report = run();
        assertThat(report.count(Status.FAILED)).isEqualTo(40);
        assertThat(site.index.checkpoint("docs")).isEmpty();
        site.onStep = step -> {};
        assertThat(run().count(Status.ADDED)).isEqualTo(40);
    }

    @Test
    void refusedCredentialsOfATaskAreAnErrorOfTheRun() throws Exception {
        write(0, 4);
        String path = folder.toString();
        SparkIngestion refused = SparkIngestion.on(spark, () -> {
            if (Thread.currentThread().getName().startsWith("Executor task")) {
                throw new AuthenticationException("docs: credentials are refused (expected: some that may read)");
            }
            return Site.in(Path.of(path)).opener().open();
        });
        assertThatThrownBy(refused::run)
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("credentials are refused");
        SparkIngestion broken = SparkIngestion.on(spark, () -> {
            throw new java.io.IOException("no such share");
        });
        assertThatThrownBy(broken::run)
                .isInstanceOf(StoreException.class)
                .hasMessage("pipeline: cannot be opened")
                .hasRootCauseMessage("no such share");
    }

    @Test
    void interruptionEndsTheTasksAndWaitsForThem() throws Exception {
        write(0, 4);
        Thread caller = Thread.currentThread();
        AtomicBoolean interrupted = new AtomicBoolean();
        AtomicBoolean returned = new AtomicBoolean();
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        List<Boolean> waitedFor = new CopyOnWriteArrayList<>();
        site.onStep = step -> {
            if (step.equals("embed")) {
                if (interrupted.compareAndSet(false, true)) {
                    caller.interrupt();
                }
                try {
                    never.await();
                } catch (InterruptedException told) {
                    while (!returned.get() && caller.getState() != Thread.State.TIMED_WAITING) {
                        Thread.onSpinWait(); // goes on for a while, until it is clear what the caller does
                    }
                    waitedFor.add(!returned.get());
                    ended.countDown();
                    throw new CancelledException("embed: interrupted (expected: to run to its end)");
                }
            }
        };
        assertThatThrownBy(() -> ingestion().run()).isInstanceOf(CancelledException.class);
        returned.set(true);
        assertThat(Thread.interrupted()).isTrue();
        ended.await(); // for ever, if the task is not told
        assertThat(waitedFor).isNotEmpty().containsOnly(true);
        assertThat(site.closed).as("pipelines closed").hasValue(site.opened.get());
        site.onStep = step -> {};
        assertThat(ingestion().run().stored()).isEqualTo(4);
    }

    @Test
    void aPipelineClosesAllThatItWasTold() {
        List<String> closed = new ArrayList<>();
        Pipeline pipeline = Pipeline.of(
                        FolderConnector.of(folder), Ingestion.builder(site.index, site.index, new Hashes(texts -> {})))
                .closing(() -> closed.add("a"))
                .closing(() -> closed.add("b"), () -> closed.add("c"));
        pipeline.close();
        assertThat(closed).containsExactly("a", "b", "c");
    }
}
