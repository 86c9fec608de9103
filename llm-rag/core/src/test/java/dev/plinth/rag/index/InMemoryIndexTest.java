package dev.plinth.rag.index;

import static dev.plinth.rag.Chunks.chunk;
import static dev.plinth.rag.Chunks.embedded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.text.Analyzer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryIndexTest {
    private final InMemoryIndex index =
            InMemoryIndex.builder(new VectorStore.Stamp("m", 3)).build();

    private static Embedded at(String id, float... vector) {
        return new Embedded(chunk(id, "text " + id), vector);
    }

    private List<String> ids(List<Match> matches) {
        return matches.stream().map(match -> match.chunk().id()).toList();
    }

    @Test
    void findsTheNearestFirstByCosine() {
        index.upsert(List.of(at("a", 1, 0, 0), at("b", 10, 10, 0), at("c", -1, 0, 0)));

        List<Match> matches = index.search(new VectorQuery(new float[] {2, 0, 0}, 3));

        assertThat(ids(matches)).containsExactly("a", "b", "c");
        assertThat(matches.get(0).score()).isCloseTo(1, within(1e-6));
        assertThat(matches.get(1).score()).isCloseTo(Math.sqrt(0.5), within(1e-6));
        assertThat(matches.get(2).score()).isCloseTo(-1, within(1e-6));
    }

    @Test
    void replacesByIdAndDeletes() {
        index.upsert(List.of(at("a", 1, 0, 0), at("b", 0, 1, 0)));
        index.upsert(List.of(at("a", 0, 0, 1), at("a", 0, 1, 1)));

        assertThat(index.size()).isEqualTo(2);
        assertThat(ids(index.search(new VectorQuery(new float[] {0, 1, 1}, 5)))).containsExactly("a", "b");

        index.delete(List.of("a", "unknown"));
        assertThat(index.size()).isEqualTo(1);
        assertThat(ids(index.search(new VectorQuery(new float[] {0, 1, 1}, 5)))).containsExactly("b");
        assertThat(ids(index.search(new TextQuery("text", 5)))).containsExactly("b");
    }

    @Test
    void refusesVectorsItCannotCompareAndThenHoldsNoneOfThem() {
        assertThatThrownBy(() -> index.upsert(List.of(at("a", 1, 0, 0), at("b", 1, 0))))
                .hasMessage("chunks[1].vector.length: 2 (expected: 3)");
        assertThatThrownBy(() -> index.upsert(List.of(at("a", 1, Float.NaN, 0))))
                .hasMessage("chunks[0].vector[1]: NaN (expected: a finite number)");
        assertThatThrownBy(() -> index.upsert(List.of(at("a", Float.POSITIVE_INFINITY, 0, 0))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> index.upsert(List.of(at("a", 0, 0, 0))))
                .hasMessage("chunks[0].vector: all zero (expected: a direction)");
        assertThatThrownBy(() -> index.search(new VectorQuery(new float[] {1}, 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(index.size()).isZero();
    }

    @Test
    void takesVeryLargeAndVerySmallVectors() {
        index.upsert(List.of(at("a", 1e30f, 1e30f, 0), at("b", 1e-30f, 0, 0)));
        List<Match> matches = index.search(new VectorQuery(new float[] {1e-38f, 0, 0}, 2));
        assertThat(ids(matches)).containsExactly("b", "a");
        assertThat(matches.get(1).score()).isCloseTo(Math.sqrt(0.5), within(1e-6));
    }

    @Test
    void scoresWordsByBm25() {
        index.add(List.of(chunk("a", "refund refund policy"), chunk("b", "refund"), chunk("c", "delivery of parcels")));

        List<Match> matches = index.search(new TextQuery("Refunds?", 5));

        // N = 3, n = 2, average length (3 + 1 + 2) / 3 = 2
        double idf = Math.log(1 + (3 - 2 + 0.5) / (2 + 0.5));
        assertThat(ids(matches)).containsExactly("a", "b");
        assertThat(matches.get(0).score()).isCloseTo(idf * 2 / (2 + 0.9 * (0.6 + 0.4 * 3 / 2)), within(1e-6));
        assertThat(matches.get(1).score()).isCloseTo(idf * 1 / (1 + 0.9 * (0.6 + 0.4 * 1 / 2)), within(1e-6));
        assertThat(index.search(new TextQuery("unheard", 5))).isEmpty();
        assertThat(index.search(new TextQuery("the of", 5))).isEmpty();
    }

    @Test
    void deletedChunksNoLongerCountInWordStatistics() {
        index.add(List.of(chunk("a", "refund policy"), chunk("b", "refund")));
        List<Match> before = index.search(new TextQuery("refund", 5));
        index.add(List.of(chunk("x", "refund refund refund"), chunk("y", "something else entirely")));
        index.delete(List.of("x", "y"));

        assertThat(index.search(new TextQuery("refund", 5))).isEqualTo(before);
    }

    @Test
    void addLeavesTheVectorOfAChunk() {
        index.upsert(List.of(at("a", 1, 0, 0)));
        index.add(List.of(chunk("a", "other words"), chunk("b", "no vector")));

        assertThat(ids(index.search(new VectorQuery(new float[] {1, 0, 0}, 5)))).containsExactly("a");
        assertThat(ids(index.search(new TextQuery("words vector", 5)))).containsExactlyInAnyOrder("a", "b");
        assertThat(index.search(new TextQuery("text", 5))).isEmpty();
    }

    @Test
    void filtersBeforeTheBestAreTaken() {
        for (int i = 0; i < 50; i++) {
            Chunk chunk = chunk("c" + i, "words", Metadata.NONE.with("team", i % 25 == 0 ? "rare" : "usual"));
            index.upsert(List.of(new Embedded(chunk, new float[] {1, i, 0})));
        }
        assertThat(ids(index.search(new VectorQuery(new float[] {0, 1, 0}, 2, Filter.eq("team", "rare")))))
                .containsExactly("c25", "c0");
        assertThat(ids(index.search(new TextQuery("words", 2, Filter.eq("team", "rare")))))
                .containsExactly("c0", "c25");
        assertThat(index.search(new VectorQuery(new float[] {0, 1, 0}, 2, Filter.eq("team", "none"))))
                .isEmpty();
    }

    @Test
    void staysRightThroughManyReplacements() {
        for (int round = 0; round < 40; round++) {
            for (int i = 0; i < 100; i++) {
                index.upsert(List.of(new Embedded(chunk("c" + i, "round " + round), new float[] {i + 1, round, 1})));
            }
        }
        assertThat(index.size()).isEqualTo(100);
        assertThat(index.search(new TextQuery("round", 1000))).hasSize(100);
        assertThat(index.search(new TextQuery("38", 1000))).isEmpty();
        assertThat(ids(index.search(new VectorQuery(new float[] {1, 39, 1}, 1))))
                .containsExactly("c0");
    }

    @Test
    void wordsThatNoChunkHasAnyMoreAreForgotten() {
        IndexState state = new IndexState(new IndexSettings(
                new VectorStore.Stamp("m", 3), ScanMode.EXACT, 0.97, Analyzer.english(), 0.9, 0.4, null));
        state.put(chunk("kept", "kept words"), new float[4]);
        for (int i = 0; i < 20_000; i++) {
            state.put(chunk("c", "word" + i + " word" + i + " words"), new float[4]);
            state.settle();
        }
        assertThat(state.postings().terms()).hasSizeLessThan(2_000);
        Hits hits = state.postings().search(List.of("word19999", "kept"), 9, row -> true);
        assertThat(Arrays.stream(hits.rows()).mapToObj(row -> state.chunk(row).id()))
                .containsExactly("c", "kept");
    }

    @Test
    void refusesEverythingAfterClose() {
        index.upsert(List.of(at("a", 1, 0, 0)));
        index.close();
        index.close();
        assertThatThrownBy(index::size).isInstanceOf(StoreException.class).hasMessage("index: closed (expected: open)");
    }

    @Test
    void anEmptyIndexFindsNothing() {
        assertThat(index.search(new VectorQuery(new float[] {1, 0, 0}, 3))).isEmpty();
        assertThat(index.search(new TextQuery("word", 3))).isEmpty();
        assertThat(embedded(chunk("a", "b")).vector()).isNotEmpty();
    }
}
