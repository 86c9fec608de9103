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
