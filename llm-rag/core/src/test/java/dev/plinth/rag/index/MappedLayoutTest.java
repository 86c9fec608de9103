package dev.plinth.rag.index;

import static dev.plinth.rag.Chunks.chunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedLayoutTest {
    private static final VectorStore.Stamp STAMP = new VectorStore.Stamp("model", 510);

    @TempDir
    Path folder;

    private static List<Embedded> vectors(int count) {
        Random random = new Random(5);
        List<Embedded> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new Embedded(chunk("c" + i, "words " + i), vector(random)));
        }
        return all;
    }

    private static float[] vector(Random random) {
        float[] vector = new float[STAMP.dimensions()];
        for (int d = 0; d < vector.length; d++) {
            vector[d] = (float) random.nextGaussian();
        }
        return vector;
    }

    private long files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    /** More vectors than one segment holds, with and without codes, after replacements that close holes. */
    @Test
    void givesTheSameBitsAsTheHeap() throws IOException {
        List<Embedded> all = vectors(9_000);
        for (ScanMode mode : ScanMode.values()) {
            InMemoryIndex heap = InMemoryIndex.builder(STAMP).scanMode(mode).build();
            try (InMemoryIndex mapped =
                    InMemoryIndex.builder(STAMP).scanMode(mode).mapped(folder).build()) {
                for (InMemoryIndex index : List.of(heap, mapped)) {
                    index.upsert(all);
                    index.upsert(all.subList(2_000, 6_000));
                    index.delete(List.of("c1", "c5000"));
                }
                Random random = new Random(6);
                for (int i = 0; i < 5; i++) {
                    VectorQuery query = new VectorQuery(vector(random), 10);
                    assertThat(mapped.search(query)).isEqualTo(heap.search(query));
                }
                assertThat(mapped.scanStatus()).isEqualTo(heap.scanStatus());
            }
            assertThat(files()).as("nothing is left").isZero();
        }
    }

    /** An interrupted thread cannot grow a file, as one cannot on a full disk. */
    @Test
    void aWriteWithoutRoomChangesNothing() {
        VectorStore.Stamp four = new VectorStore.Stamp("model", 1 << 20); // so many rows in a segment
        float[] vector = new float[four.dimensions()];
        vector[0] = 1;
        try (InMemoryIndex mapped = InMemoryIndex.builder(four).mapped(folder).build()) {
            for (int i = 0; i < 4; i++) {
                mapped.upsert(List.of(new Embedded(chunk("old" + i, "words"), vector)));
            }
            List<Embedded> fresh = List.of(new Embedded(chunk("old0", "other"), vector));
            for (int attempt = 0; attempt < 2; attempt++) {
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> mapped.write(fresh, List.of("old1")))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("cannot grow");
                assertThat(Thread.interrupted()).isTrue();
                assertThat(mapped.search(new VectorQuery(vector, 9)))
                        .extracting(match ->
                                match.chunk().id() + " " + match.chunk().text())
                        .containsExactly("old0 words", "old1 words", "old2 words", "old3 words");
            }
        }
    }

    @Test
    void isSavedAndLoadedAsAnyOther() throws IOException {
        Path file = folder.resolve("docs.idx");
        List<Embedded> all = vectors(50);
        try (InMemoryIndex mapped =
                InMemoryIndex.builder(STAMP).mapped(folder.resolve("work")).build()) {
            mapped.upsert(all);
            mapped.save(file);
        }
        try (InMemoryIndex loaded =
                InMemoryIndex.builder(STAMP).mapped(folder.resolve("work")).load(file)) {
            assertThat(loaded.search(new VectorQuery(all.get(7).vector(), 1))
                            .get(0)
                            .chunk()
                            .id())
                    .isEqualTo("c7");
        }
        Files.writeString(file, "damaged");
        assertThatThrownBy(() -> InMemoryIndex.builder(STAMP)
                        .mapped(folder.resolve("work"))
                        .load(file))
                .isInstanceOf(StoreException.class);
        try (Stream<Path> files = Files.list(folder.resolve("work"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsSaid() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThatThrownBy(() -> InMemoryIndex.builder(STAMP).mapped(file).build())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot hold mapped vectors");
    }
}
