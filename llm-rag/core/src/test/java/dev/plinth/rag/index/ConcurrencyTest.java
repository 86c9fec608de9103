package dev.plinth.rag.index;

import static dev.plinth.rag.Chunks.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ConcurrencyTest {
    /** A document is always either at one version or at the next one: both its chunks carry the same words. */
    @Test
    void readersSeeWholeDocumentsWhileOneWrites() throws Exception {
        InMemoryIndex index =
                InMemoryIndex.builder(new VectorStore.Stamp("m", 4)).build();
        put(index, 0);
        ExecutorService executor = Executors.newFixedThreadPool(3);
        try {
            List<Future<Void>> work = new ArrayList<>();
            work.add(executor.submit((Callable<Void>) () -> {
                for (int version = 1; version <= 3000; version++) {
                    put(index, version);
                }
                return null;
            }));
            for (int reader = 0; reader < 2; reader++) {
                work.add(executor.submit((Callable<Void>) () -> {
                    for (int i = 0; i < 3000; i++) {
                        checkWhole(index.search(new VectorQuery(new float[] {1, 1, 1, 1}, 5)));
                        checkWhole(index.search(new TextQuery("version", 5)));
                    }
                    return null;
                }));
            }
            for (Future<Void> one : work) {
                one.get();
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(index.size()).isEqualTo(2);
    }

    private static void put(InMemoryIndex index, int version) {
        String text = "version " + version;
        index.write(
                List.of(
                        new Embedded(chunk("a@" + version + "#1", text), new float[] {1, version, 0, 0}),
                        new Embedded(chunk("a@" + version + "#2", text), new float[] {0, 0, version, 1})),
                List.of("a@" + (version - 1) + "#1", "a@" + (version - 1) + "#2"));
    }

    private static void checkWhole(List<Match> matches) {
        assertThat(matches).hasSize(2);
        assertThat(matches.get(0).chunk().text())
                .isEqualTo(matches.get(1).chunk().text());
    }
}
