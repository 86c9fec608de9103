package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Value;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link VectorStore} has to do. */
public abstract class VectorStoreContract {
    private static final int DIMENSIONS = 8;
    private static final VectorStore.Stamp STAMP = new VectorStore.Stamp("contract-model", DIMENSIONS);
    private static final float[] X = axis(0);
    private static final float[] Y = axis(1);

    /** What a store may be unable to do. */
    public enum Behavior {
        /** Finds the very nearest. An approximate store must still find nine of ten. */
        EXACT,
        /** Keeps what it holds when it is closed: {@link #reopen} finds it again. */
        DURABLE,
        /** Takes vectors whose squares do not fit into a float. */
        EXTREME_LENGTHS
    }

    private final List<VectorStore> opened = new ArrayList<>();

    /** For subclasses. */
    protected VectorStoreContract() {}

    /** An empty store for vectors of this stamp. The suite closes it. */
    protected abstract VectorStore open(VectorStore.Stamp stamp);

    /** The store that {@link #open} returned last and that has been closed since. To be overridden by durable ones. */
    protected VectorStore reopen(VectorStore.Stamp stamp) {
        throw new AssertionError("reopen: not overridden (expected: overridden, or DURABLE declared unsupported)");
    }

    /** What the store cannot do; nothing unless overridden. The tests of it are reported as skipped. */
    protected Set<Behavior> unsupported() {
        return Set.of();
    }

    /** How far a score may be from the exact cosine. */
    protected double tolerance() {
        return 1e-4;
    }

    /** Closes what a test opened. */
    @AfterEach
    public final void closeStores() {
        opened.forEach(VectorStore::close);
    }

    private VectorStore open() {
        VectorStore store = open(STAMP);
        opened.add(store);
        return store;
    }

    private static float[] axis(int index) {
        float[] vector = new float[DIMENSIONS];
        vector[index] = 1;
        return vector;
    }

    private static Embedded embedded(String id, float... start) {
        return new Embedded(Chunks.of(id), Arrays.copyOf(start, DIMENSIONS));
    }

    private static List<String> ids(VectorStore store, int k, Filter filter) {
        return Chunks.ids(store.search(new VectorQuery(X, k, filter)));
    }

    @Test
    public final void emptyStoreFindsNothing() {
        VectorStore store = open();
        assertThat(store.size()).isZero();
        assertThat(store.search(new VectorQuery(X, 5))).isEmpty();
        assertThat(store.stamp()).isEqualTo(STAMP);
        store.upsert(List.of());
        store.delete(List.of());
        store.delete(List.of("unknown"));
        assertThat(store.size()).isZero();
    }

    @Test
    public final void findsTheNearestFirstWithTheirCosines() {
        VectorStore store = open();
        store.upsert(List.of(
                embedded("opposite", -2, 0), embedded("same", 3, 0), embedded("across", 0, 1), embedded("near", 1, 1)));
        List<Match> matches = store.search(new VectorQuery(X, 4));
        assertThat(Chunks.ids(matches)).containsExactly("same", "near", "across", "opposite");
        double[] expected = {1, Math.sqrt(0.5), 0, -1};
        for (int i = 0; i < expected.length; i++) {
            assertThat(matches.get(i).score()).isCloseTo(expected[i], within(tolerance()));
        }
        assertThat(ids(store, 2, Filter.all())).containsExactly("same", "near");
        assertThat(ids(store, 100, Filter.all())).hasSize(4);
    }

    @Test
    public final void givesChunksBackAsTheyCame() {
        VectorStore store = open();
        Metadata metadata = Metadata.NONE
                .with("text", "it's \"quoted\" \\ 100% 日本語 😀\n")
                .with("empty", "")
                .with("whole", Value.of((1L << 53) + 1))
                .with("decimal", Value.of(0.1))
                .with("flag", Value.of(true))
                .with("texts", Value.of(Set.of("a", "b'c", "")))
                .with("no texts", Value.of(Set.of()))
                .with("o'clock \"x\".y", "z");
        Chunk chunk = new Chunk(
                "id 'x' \"y\" 日本",
                "doc/with/path.md",
                "https://example.com/a?b=c#d",
                "Line one\n\tline two 😀 \\ 'quoted' %s {}",
                new Chunk.Span(7, 47, 2, 3),
                List.of("Chapter", "", "Section 1.1"),
                metadata);
        store.upsert(List.of(new Embedded(chunk, X)));
        assertThat(store.search(new VectorQuery(X, 1)).get(0).chunk()).isEqualTo(chunk);
    }

    @Test
    public final void replacesWhatHasTheSameId() {
        VectorStore store = open();
        store.upsert(List.of(embedded("a", 1, 0), embedded("b", 1, 1)));
        Chunk changed = Chunks.of("a", "Changed", Metadata.NONE.with("new", "yes"));
        store.upsert(List.of(new Embedded(changed, Y)));
        assertThat(store.size()).isEqualTo(2);
        assertThat(Chunks.ids(store.search(new VectorQuery(X, 5)))).containsExactly("b", "a");
        assertThat(store.search(new VectorQuery(Y, 1)).get(0).chunk()).isEqualTo(changed);
        assertThat(ids(store, 5, Filter.eq("new", "yes"))).containsExactly("a");
    }

    @Test
    public final void sameIdTwiceInOneCallKeepsTheLast() {
        VectorStore store = open();
        store.upsert(List.of(embedded("a", 1, 0), embedded("a", 0, 1)));
        assertThat(store.size()).isEqualTo(1);
        assertThat(store.search(new VectorQuery(Y, 5)).get(0).score()).isCloseTo(1, within(tolerance()));
    }

    @Test
    public final void idsAreComparedExactly() {
        VectorStore store = open();
        List<String> ids = List.of("a", "A", "a ", "á", "x".repeat(200), "'; --", "%");
        store.upsert(ids.stream().map(id -> embedded(id, 1, 0)).toList());
        assertThat(store.size()).isEqualTo(ids.size());
        store.delete(List.of("a", "%"));
        assertThat(ids(store, 10, Filter.all())).containsExactlyInAnyOrder("A", "a ", "á", "x".repeat(200), "'; --");
    }

    @Test
    public final void deletes() {
        VectorStore store = open();
        store.upsert(List.of(embedded("a", 1), embedded("b", 1), embedded("c", 1)));
        store.delete(List.of("a", "unknown", "c", "a"));
        assertThat(store.size()).isEqualTo(1);
        assertThat(ids(store, 5, Filter.all())).containsExactly("b");
        store.upsert(List.of(embedded("a", 1)));
        assertThat(ids(store, 5, Filter.all())).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    public final void refusesVectorsThatCannotBeCompared() {
        VectorStore store = open();
        store.upsert(List.of(embedded("kept", 1)));
        List<float[]> bad = List.of(
                new float[DIMENSIONS],
                new float[DIMENSIONS - 1],
                new float[DIMENSIONS + 1],
                Arrays.copyOf(new float[] {1, Float.NaN}, DIMENSIONS),
                Arrays.copyOf(new float[] {1, Float.POSITIVE_INFINITY}, DIMENSIONS),
                Arrays.copyOf(new float[] {1, Float.NEGATIVE_INFINITY}, DIMENSIONS));
        for (float[] vector : bad) {
            assertThatIllegalArgumentException().isThrownBy(() -> store.search(new VectorQuery(vector, 1)));
            List<Embedded> batch = List.of(embedded("good", 1), new Embedded(Chunks.of("bad"), vector));
            assertThatIllegalArgumentException().isThrownBy(() -> store.upsert(batch));
            assertThat(ids(store, 5, Filter.all()))
                    .as("all of a batch, or none")
                    .containsExactly("kept");
            assertThat(store.size()).isEqualTo(1);
        }
    }

    @Test
    public final void copiesVectors() {
        VectorStore store = open();
        float[] vector = X.clone();
        store.upsert(List.of(new Embedded(Chunks.of("a"), vector)));
        Arrays.fill(vector, -1);
        assertThat(store.search(new VectorQuery(X, 1)).get(0).score()).isCloseTo(1, within(tolerance()));
    }

    @Test
    public final void lengthOfVectorsDoesNotMatter() {
        Skips.unless(unsupported(), Behavior.EXTREME_LENGTHS);
        VectorStore store = open();
        store.upsert(List.of(embedded("huge", 3e30f, 3e30f), embedded("tiny", 1e-30f, 0), embedded("plain", 0, 1)));
        assertThat(ids(store, 3, Filter.all())).containsExactly("tiny", "huge", "plain");
        List<Match> matches = store.search(new VectorQuery(Vectors.scaled(X, 1e30f), 3));
        assertThat(Chunks.ids(matches)).containsExactly("tiny", "huge", "plain");
        assertThat(matches.get(1).score()).isCloseTo(Math.sqrt(0.5), within(tolerance()));
    }

    @Test
    public final void filtersBeforeTheBestAreTaken() {
        VectorStore store = open();
        List<Embedded> chunks = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String team = i % 50 == 0 ? "support" : "sales";
            Chunk chunk = Chunks.of("c" + i, "text", Metadata.NONE.with("team", team));
            float[] vector = Arrays.copyOf(new float[] {1, "support".equals(team) ? 5 : i / 1000f}, DIMENSIONS);
            chunks.add(new Embedded(chunk, vector));
        }
        store.upsert(chunks);
        assertThat(ids(store, 4, Filter.eq("team", "support"))).containsExactlyInAnyOrder("c0", "c50", "c100", "c150");
        assertThat(ids(store, 3, Filter.eq("team", "support"))).hasSize(3);
        assertThat(ids(store, 5, Filter.eq("team", "nobody"))).isEmpty();
    }

    @Test
    public final void randomFiltersAgreeWithTheOracle() {
        List<Chunk> chunks = FilterContract.randomChunks("text");
        FilterContract.agreesOnRandomFilters(chunks, searchOver(chunks));
    }

    @Test
    public final void hostileFiltersAgreeWithTheOracle() {
        List<Chunk> chunks = FilterContract.randomChunks("text");
        FilterContract.agreesOnHostileFilters(chunks, searchOver(chunks));
    }

    @Test
    public final void numbersAreComparedExactly() {
        List<Chunk> chunks = FilterContract.edges("text");
        FilterContract.agreesOnEdges(chunks, searchOver(chunks));
    }

    private Function<Filter, List<String>> searchOver(List<Chunk> chunks) {
        VectorStore store = open();
        Random random = new Random(1);
        store.upsert(chunks.stream()
                .map(chunk -> new Embedded(chunk, Vectors.random(random, DIMENSIONS)))
                .toList());
        return filter -> ids(store, chunks.size(), filter);
    }

    @Test
    public final void agreesWithAFullComparison() {
        Random random = new Random(2);
        List<Embedded> all = IntStream.range(0, 2000)
                .mapToObj(i -> new Embedded(Chunks.of("c" + i), Vectors.random(random, DIMENSIONS)))
                .toList();
        VectorStore store = open();
        store.upsert(all);
        assertThat(store.size()).isEqualTo(2000);
        int hits = 0;
        for (int i = 0; i < 20; i++) {
            float[] query = Vectors.random(random, DIMENSIONS);
            List<Match> found = store.search(new VectorQuery(query, 10));
            assertThat(found)
                    .hasSize(10)
                    .isSortedAccordingTo(
                            Comparator.comparingDouble(Match::score).reversed());
            double tenth = all.stream()
                    .mapToDouble(embedded -> -Vectors.cosine(query, embedded.vector()))
                    .sorted()
                    .limit(10)
                    .max()
                    .orElseThrow();
            hits += (int) found.stream()
                    .filter(match -> match.score() >= -tenth - tolerance())
                    .count();
        }
        assertThat(hits).isGreaterThanOrEqualTo(unsupported().contains(Behavior.EXACT) ? 180 : 200);
    }

    @Test
    public final void servesManyCallersAtOnce() throws Exception {
        VectorStore store = open();
        Together.run(Together.THREADS, thread -> () -> {
            for (int i = 0; i < 20; i++) {
                store.upsert(List.of(embedded("t" + thread + "-" + i, 1, i), embedded("shared", 1, thread)));
                assertThat(ids(store, 1000, Filter.all())).contains("shared").doesNotHaveDuplicates();
                store.delete(i % 2 == 0 ? List.of("t" + thread + "-" + i) : List.of("unknown"));
            }
            return null;
        });
        assertThat(store.size()).isEqualTo(Together.THREADS * 10 + 1);
        assertThat(ids(store, 1000, Filter.all())).hasSize(Together.THREADS * 10 + 1);
    }

    @Test
    public final void findsAgainWhatItHeldWhenItWasClosed() {
        Skips.unless(unsupported(), Behavior.DURABLE);
        VectorStore store = open();
        Chunk chunk = Chunks.of("a", "text", Metadata.NONE.with("year", Value.of(2024)));
        store.upsert(List.of(new Embedded(chunk, X), embedded("b", 0, 1), embedded("gone", 1, 1)));
        store.delete(List.of("gone"));
        store.close();
        VectorStore again = reopen(STAMP);
        opened.add(again);
        assertThat(again.stamp()).isEqualTo(STAMP);
        assertThat(again.size()).isEqualTo(2);
        assertThat(Chunks.ids(again.search(new VectorQuery(X, 5)))).containsExactly("a", "b");
        assertThat(again.search(new VectorQuery(X, 1, Filter.atLeast("year", 2024)))
                        .get(0)
                        .chunk())
                .isEqualTo(chunk);
    }

    @Test
    public final void closesTwice() {
        VectorStore store = open();
        store.close();
        store.close();
    }
}
