package dev.plinth.rag.lucene;

import static dev.plinth.rag.lucene.Chunks.embedded;
import static dev.plinth.rag.lucene.Chunks.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.text.Analyzer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.FSDirectory;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailureTest {
    private static final VectorStore.Stamp STAMP = new VectorStore.Stamp("model", 2);
    private static final float[] X = {1, 0};
    private static final Ledger.Entry ENTRY =
            new Ledger.Entry(null, null, new Ledger.Failure("v", "cause", 1, Instant.EPOCH));

    @TempDir
    Path directory;

    private LuceneIndex.Builder builder() {
        return LuceneIndex.builder(directory, STAMP);
    }

    private static void assertRefused(ThrowingCallable call, String... said) {
        assertThatThrownBy(call).isInstanceOf(StoreException.class).hasMessageContainingAll(said);
    }

    @Test
    void anotherModelDimensionOrAnalyzerIsRefused() {
        builder().open().close();
        assertRefused(
                () -> LuceneIndex.builder(directory, new VectorStore.Stamp("other", 2))
                        .open(),
                "model",
                "(expected: other)");
        assertRefused(
                () -> LuceneIndex.builder(directory, new VectorStore.Stamp("model", 3))
                        .openToRead(),
                "dimensions 2",
                "(expected: 3)");
        assertRefused(() -> builder().analyzer(Analyzer.plain()).open(), "english-1", "(expected: plain-1)");
        try (LuceneIndex index = builder().bm25(1.2, 0.75).graph(8, 50).exact().open()) {
            assertThat(index.size()).as("what may change").isZero();
        }
    }

    @Test
    void anIndexThatIsNotOursIsRefusedAndLeftAlone() throws IOException {
        try (IndexWriter writer = new IndexWriter(FSDirectory.open(directory), new IndexWriterConfig())) {
            writer.addDocument(List.of());
        }
        List<String> before = files();
        assertRefused(() -> builder().open(), "plinth.", "nothing");
        assertThat(files()).isEqualTo(before);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("write.lock"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aDamagedIndexIsRefused() throws IOException {
        try (LuceneIndex index = builder().open()) {
            index.upsert(List.of(embedded("a", X)));
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(file -> file.getFileName().toString().startsWith("segments_"))
                    .toList()) {
                Files.write(file, new byte[] {1, 2, 3});
            }
        }
        assertRefused(() -> builder().open(), "cannot be opened");
        assertRefused(() -> builder().openToRead(), "cannot be opened");
    }

    @Test
    void oneWriterAtATimeAndAnyNumberOfReaders() {
        assertRefused(() -> builder().tenant("a").openToRead(), "is not there");
        assertRefused(() -> builder().openToRead(), "holds none");
        try (LuceneIndex writer = builder().open();
                LuceneIndex reader = builder().openToRead()) {
            assertRefused(() -> builder().open(), "open for writing elsewhere");
            writer.upsert(List.of(embedded("a", X)));
            assertThat(ids(reader.search(new VectorQuery(X, 5)))).containsExactly("a");
            writer.delete(List.of("a"));
            writer.put("docs", Map.of("d", ENTRY));
            assertThat(reader.size()).isZero();
            assertThat(reader.sources()).containsExactly("docs");
            assertRefused(() -> reader.delete(List.of("a")), "open to read");
            assertRefused(() -> reader.checkpoint("docs", new Ledger.Checkpoint(null, Instant.EPOCH)), "open to read");
        }
        builder().open().close();
    }

    @Test
    void whatIsClosedRefusesEverything() {
        LuceneIndex index = builder().open();
        LuceneIndex reader = builder().openToRead();
        index.close();
        reader.close();
        List<ThrowingCallable> calls = List.of(
                () -> index.upsert(List.of(embedded("a", X))),
                () -> index.add(List.of()),
                () -> index.put("docs", Map.of("a", ENTRY)),
                () -> index.search(new VectorQuery(X, 1)),
                () -> index.search(new TextQuery("a", 1)),
                () -> index.fetch(List.of("a")),
                () -> index.scan(null, 1),
                index::size,
                () -> index.find("docs", List.of("a")),
                index::sources,
                reader::size);
        for (ThrowingCallable call : calls) {
            assertRefused(call, "closed (expected: open)");
        }
    }

    @Test
    void aFullDiskFailsTheWriteAndLeavesNothingOfIt() throws IOException {
        AtomicBoolean full = new AtomicBoolean();
        FaultyDirectory faulty = new FaultyDirectory(FSDirectory.open(directory), full::get);
        try (LuceneIndex index = Opening.toWrite(builder().settings(), faulty, LuceneIndex::new)) {
            index.upsert(List.of(embedded("kept", X)));
            full.set(true);
            assertRefused(
                    () -> index.write(List.of(embedded("lost", X)), List.of("kept")),
                    "cannot be written",
                    "No space left on device");
            assertRefused(() -> index.put("docs", Map.of("d", ENTRY)), "cannot be written");
            assertThat(ids(index.search(new VectorQuery(X, 5)))).containsExactly("kept");
            full.set(false);
            index.upsert(List.of(embedded("later", X)));
            assertThat(ids(index.search(new VectorQuery(X, 5)))).containsExactlyInAnyOrder("kept", "later");
            assertThat(index.sources()).isEmpty();
        }
        try (LuceneIndex again = builder().open()) {
            assertThat(ids(again.search(new VectorQuery(X, 5)))).containsExactlyInAnyOrder("kept", "later");
        }
    }

    /** Several writers at once on a disk that fails now and then: what was acknowledged is there, and nothing else. */
    @Test
    void writersThatFailDoNotTouchTheOthers() throws Exception {
        Random random = new Random(5);
        FaultyDirectory faulty = new FaultyDirectory(FSDirectory.open(directory), () -> {
            synchronized (random) {
                return random.nextInt(40) == 0;
            }
        });
        Set<String> kept = ConcurrentHashMap.newKeySet();
        Set<String> failed = ConcurrentHashMap.newKeySet();
        LuceneIndex index = openPatiently(faulty);
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> threads = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                String name = "t" + thread;
                threads.add(executor.submit(() -> {
                    for (int i = 0; i < 40; i++) {
                        String id = name + "-" + i;
                        try {
                            index.upsert(List.of(embedded(id + "#1", X), embedded(id + "#2", X)));
                            kept.add(id);
                        } catch (StoreException full) {
                            failed.add(id);
                        }
                    }
                }));
            }
            for (Future<?> thread : threads) {
                thread.get();
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(kept).isNotEmpty();
        assertThat(failed).isNotEmpty();
        assertHolds(index, kept);
        closeQuietly(index);
        try (LuceneIndex again = builder().open()) {
            assertHolds(again, kept);
        }
    }

    private LuceneIndex openPatiently(FaultyDirectory faulty) {
        for (int i = 0; i < 100; i++) {
            try {
                return Opening.toWrite(builder().settings(), faulty, LuceneIndex::new);
            } catch (StoreException full) {
                assertThat(full).hasMessageContaining("No space left");
            }
        }
        throw new AssertionError("index: not opened (expected: within 100 times)");
    }

    /** Closing writes nothing that matters: every write that returned is kept already. */
    private static void closeQuietly(LuceneIndex index) {
        try {
            index.close();
        } catch (StoreException full) {
            assertThat(full).hasMessageContaining("cannot be closed");
        }
    }

    private static void assertHolds(LuceneIndex index, Set<String> documents) {
        List<String> expected = documents.stream()
                .flatMap(id -> Stream.of(id + "#1", id + "#2"))
                .sorted()
                .toList();
        assertThat(index.scan(null, 1_000).chunks())
                .extracting(one -> one.chunk().id())
                .isEqualTo(expected);
    }

    @Test
    void aFolderThatIsGoneIsAnErrorAndNoNewIndex() throws IOException {
        LuceneIndex index = builder().open();
        index.upsert(List.of(embedded("a", X)));
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        assertRefused(() -> index.upsert(List.of(embedded("b", X))), "cannot be written");
        assertRefused(() -> index.upsert(List.of(embedded("c", X))), "cannot be written");
        closeQuietly(index);
    }

    @Test
    void anInterruptedWriterFailsOrWritesAndDoesNoOtherHarm() {
        try (LuceneIndex index = builder().open()) {
            for (int i = 0; i < 10; i++) {
                Thread.currentThread().interrupt();
                boolean written = true;
                try {
                    index.upsert(List.of(embedded("interrupted-" + i, X)));
                } catch (StoreException interrupted) {
                    written = false;
                }
                assertThat(Thread.interrupted()).as("still interrupted").isTrue();
                assertThat(index.fetch(List.of("interrupted-" + i))).hasSize(written ? 1 : 0);
                index.upsert(List.of(embedded("after-" + i, X)));
                assertThat(index.fetch(List.of("after-" + i))).hasSize(1);
            }
        }
    }

    @Test
    void badSettingsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> builder().tenant(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> builder().oversampling(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder().graph(1, 100));
        assertThatIllegalArgumentException().isThrownBy(() -> builder().bm25(-1, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LuceneIndex.builder(directory, new VectorStore.Stamp("m", 20_000)))
                .withMessage("dimensions: 20000 (expected: at most 16384)");
    }
}
