package dev.plinth.rag.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.Value;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.WordVectors;
import dev.plinth.rag.text.Analyzer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexFileTest {
    private static final VectorStore.Stamp STAMP = new VectorStore.Stamp("word-vectors", WordVectors.DIMENSIONS);

    @TempDir
    Path folder;

    private Path file;
    private InMemoryIndex index;

    @BeforeEach
    void save() {
        file = folder.resolve("docs.idx");
        index = InMemoryIndex.builder(STAMP).build();
        Metadata metadata = Metadata.NONE
                .with("text", "ü")
                .with("whole", Value.of(Long.MAX_VALUE))
                .with("decimal", Value.of(-0.25))
                .with("flag", Value.of(true))
                .with("texts", Value.of(Set.of("x", "y")));
        index.upsert(List.of(
                chunk("a#1", "Refunds take five days \uD83D\uDE00", metadata),
                chunk("a#2", "Parcels are small", Metadata.NONE)));
        Ledger.Stored stored = new Ledger.Stored("v1", "digest", "a#", 2, Instant.parse("2026-03-01T12:00:00.5Z"));
        Ledger.Failure failure = new Ledger.Failure("v2", "broken", 2, stored.at());
        index.put(
                "docs",
                Map.of(
                        "a.md", new Ledger.Entry(stored, stored, failure),
                        "b.md", new Ledger.Entry(null, null, failure)));
        index.checkpoint("docs", new Ledger.Checkpoint(null, stored.at()));
        index.checkpoint("wiki", new Ledger.Checkpoint("c", stored.at()));
        index.add(List.of(chunk("t", "words without a vector, and a lone surrogate \uD83D.", Metadata.NONE)
                .chunk()));
        index.upsert(List.of(chunk("gone", "deleted words", Metadata.NONE)));
        index.delete(List.of("gone"));
        index.save(file);
    }

    private static Embedded chunk(String id, String text, Metadata metadata) {
        Chunk.Span span = new Chunk.Span(3, 3 + text.length(), 2, 2, 4, 4);
        Chunk.Parent parent = new Chunk.Parent("around " + text, new Chunk.Span(0, 99, 1, 9, 4, 5));
        return new Embedded(
                new Chunk(id, "a.md", "docs/a.md", text, span, List.of("A", "B"), metadata, parent),
                WordVectors.vector(text));
    }

    private InMemoryIndex load() {
        return InMemoryIndex.builder(STAMP).load(file);
    }

    @Test
    void loadsWhatWasSaved() {
        InMemoryIndex loaded = load();

        assertThat(loaded.size()).isEqualTo(3);
        assertThat(loaded.list("docs", null, 9))
                .isEqualTo(index.list("docs", null, 9))
                .hasSize(2);
        assertThat(loaded.checkpoint("docs"))
                .isEqualTo(index.checkpoint("docs"))
                .isPresent();
        assertThat(loaded.checkpoint("wiki"))
                .isEqualTo(index.checkpoint("wiki"))
                .isPresent();
        VectorQuery query = new VectorQuery(WordVectors.vector("refund days"), 5);
        assertThat(loaded.search(query)).hasSize(2).isEqualTo(index.search(query));
        for (String words : List.of("refund", "parcels small", "surrogate", "deleted")) {
            assertThat(loaded.search(new TextQuery(words, 5))).isEqualTo(index.search(new TextQuery(words, 5)));
        }
    }

    @Test
    void savingWhatWasLoadedGivesTheSameBytes() throws IOException {
        byte[] before = Files.readAllBytes(file);
        load().save(file);
        InMemoryIndex again = load();
        again.save(file);
        // the words of the deleted chunk are the only thing that may go
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void countsWordsAnewForAnotherAnalyzer() {
        InMemoryIndex plain =
                InMemoryIndex.builder(STAMP).analyzer(Analyzer.plain()).load(file);
        assertThat(plain.search(new TextQuery("refund", 5))).isEmpty();
        assertThat(plain.search(new TextQuery("REFUNDS", 5))).hasSize(1);
    }

    @Test
    void aFileCutShortAnywhereIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(this::load)
                    .as("cut at %d", length)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("is cut short at " + length + " bytes");
        }
    }

    @Test
    void oneWrongByteAnywhereIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            byte[] wrong = whole.clone();
            wrong[i] ^= 0x10;
            Files.write(file, wrong);
            assertThatThrownBy(this::load).as("byte %d", i).isInstanceOf(StoreException.class);
        }
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        Path other = folder.resolve("other.idx");
        assertThatThrownBy(() -> InMemoryIndex.builder(STAMP).load(other))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("other.idx does not exist");

        Files.writeString(other, "this is a text and no index");
        assertThatThrownBy(() -> InMemoryIndex.builder(STAMP).load(other)).hasMessageContaining("is not an index");

        byte[] newer = whole.clone();
        newer[11] = 9;
        Files.write(other, newer);
        assertThatThrownBy(() -> InMemoryIndex.builder(STAMP).load(other))
                .hasMessageContaining("has format version 9 (expected: 2)");

        Files.write(other, Arrays.copyOf(whole, whole.length + 1));
        assertThatThrownBy(() -> InMemoryIndex.builder(STAMP).load(other)).hasMessageContaining("is too long");

        byte[] damaged = whole.clone();
        damaged[whole.length / 2]++;
        Files.write(other, damaged);
        assertThatThrownBy(() -> InMemoryIndex.builder(STAMP).load(other)).hasMessageContaining("is damaged");
    }

    @Test
    void refusesTheVectorsOfAnotherModel() {
        assertThatThrownBy(() -> InMemoryIndex.builder(new VectorStore.Stamp("other", 64))
                        .load(file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("holds vectors of word-vectors with 64 dimensions (expected: other with 64)");
    }

    @Test
    void aFailedSaveLeavesTheOldFileAndNothingBesideIt() throws IOException {
        Path target = folder.resolve("folder.idx");
        Files.createDirectories(target.resolve("not-empty"));
        assertThatThrownBy(() -> index.save(target)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> index.save(folder.resolve("missing").resolve("x.idx")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot be written");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("docs.idx", "docs.idx.lock", "folder.idx", "folder.idx.lock");
        }
    }

    @Test
    void isAsReadableAsAnyFile() throws IOException {
        assumeThat(folder.getFileSystem().supportedFileAttributeViews()).contains("posix");
        Path any = Files.writeString(folder.resolve("any"), "");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(any));
    }

    @Test
    void whatAKilledWriterLeftGoesWithTheNextSave() throws IOException {
        byte[] before = Files.readAllBytes(file);
        Files.write(folder.resolve("docs.idx.tmp"), new byte[before.length + 99]);
        index.save(file);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(file, folder.resolve("docs.idx.lock"));
        }
    }

    @Test
    void writersOfOneFileWaitForEachOther() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(4);
        List<Future<?>> saves = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            InMemoryIndex one =
                    i % 2 == 0 ? index : InMemoryIndex.builder(STAMP).build();
            saves.add(executor.submit(() -> one.save(file)));
        }
        for (Future<?> save : saves) {
            save.get();
        }
        executor.shutdown();
        assertThat(load().size()).isIn(0L, 3L);
    }

    @Test
    void opensAnEmptyIndexWhereThereIsNoFile() {
        assertThat(InMemoryIndex.builder(STAMP)
                        .loadIfExists(folder.resolve("new.idx"))
                        .size())
                .isZero();
        assertThat(InMemoryIndex.builder(STAMP).loadIfExists(file).size()).isEqualTo(3);
    }
}
