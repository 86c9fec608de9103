package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.Value;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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
        /** Writes in one step: a reader sees all of a write or none of it. */
        ATOMIC,
        /** Holds several tenants in one place: {@link #openFor} opens it for one. */
        TENANTS,
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

    /**
     * The store that {@link #open} returned last, in the same place, for another tenant. To be overridden by stores that
     * know tenants.
     */
    protected VectorStore openFor(String tenant, VectorStore.Stamp stamp) {
        throw new AssertionError("openFor: not overridden (expected: overridden, or TENANTS declared unsupported)");
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
                new Chunk.Span(7, 47, 2, 3, 12, 13),
                List.of("Chapter", "", "Section 1.1"),
                metadata,
                new Chunk.Parent("The text\naround 'it' \\ 😀", new Chunk.Span(0, 99, 1, 5, 11, 13)));
        store.upsert(List.of(new Embedded(chunk, X)));
        assertThat(store.search(new VectorQuery(X, 1)).get(0).chunk()).isEqualTo(chunk);
        assertThat(store.fetch(List.of(chunk.id()))).extracting(Embedded::chunk).containsExactly(chunk);
        assertThat(store.scan(null, 10).chunks()).extracting(Embedded::chunk).containsExactly(chunk);
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
    public final void putsInAndTakesOutInOneCall() {
        VectorStore store = open();
        store.upsert(List.of(embedded("old-1", 1), embedded("old-2", 1), embedded("other", 1)));
        store.write(
                List.of(embedded("new-1", 1), embedded("old-2", 0, 1)), List.of("old-1", "old-2", "unknown", "old-1"));
        assertThat(ids(store, 9, Filter.all())).containsExactlyInAnyOrder("new-1", "other", "old-2");
        assertThat(ids(store, 9, Filter.all())).as("what is put in stays").endsWith("old-2");
        assertThat(store.size()).isEqualTo(3);
    }

    @Test
    public final void readersSeeAllOfAWriteOrNone() throws Exception {
        Skips.unless(unsupported(), Behavior.ATOMIC);
        VectorStore store = open();
        AtomicInteger readers = new AtomicInteger(3);
        AtomicInteger writes = new AtomicInteger();
        store.upsert(version(0));
        Together.run(
                4,
                thread -> thread == 0
                        ? () -> writeWhile(store, readers, writes)
                        : () -> {
                            try {
                                for (int i = 0; i < 100 || writes.get() < 20; i++) {
                                    checkWhole(ids(store, 100, Filter.all()));
                                }
                            } finally {
                                readers.decrementAndGet();
                            }
                            return null;
                        });
        checkWhole(ids(store, 100, Filter.all()));
    }

    private static @Nullable Void writeWhile(VectorStore store, AtomicInteger readers, AtomicInteger writes) {
        try {
            for (int round = 1; readers.get() > 0; round++) {
                List<String> before =
                        version(round - 1).stream().map(one -> one.chunk().id()).toList();
                store.write(version(round), before);
                writes.incrementAndGet();
            }
            return null;
        } finally {
            writes.addAndGet(1000); // a writer that failed lets its readers go
        }
    }

    private static void checkWhole(List<String> seen) {
        assertThat(seen).as("a whole version").hasSize(5);
        assertThat(seen.stream().map(id -> id.substring(0, id.indexOf('#'))).distinct())
                .as("one version")
                .hasSize(1);
    }

    private static List<Embedded> version(int number) {
        return IntStream.range(0, 5)
                .mapToObj(i -> embedded("v" + number + "#" + i, 1, i))
                .toList();
    }

    @Test
    public final void fetchesByIdWithVectors() {
        VectorStore store = open();
        store.upsert(List.of(embedded("a", 3, 0), embedded("b", 0, 1), embedded("A", 1, 1)));
        List<Embedded> found = store.fetch(List.of("a", "unknown", "A", "a", "x' OR '1'='1"));
        assertThat(found).extracting(one -> one.chunk().id()).containsExactlyInAnyOrder("a", "A");
        for (Embedded one : found) {
            float[] put = one.chunk().id().equals("a") ? X : Arrays.copyOf(new float[] {1, 1}, DIMENSIONS);
            assertThat(Vectors.cosine(one.vector(), put)).isCloseTo(1, within(tolerance()));
        }
        assertThat(store.fetch(List.of())).isEmpty();
    }

    @Test
    public final void walksThroughEverythingOnce() {
        VectorStore store = open();
        assertThat(store.scan(null, 5)).isEqualTo(new VectorStore.Page(List.of(), null));
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 23; i++) {
            expected.add("c" + i + (i % 2 == 0 ? "'" : " B"));
        }
        store.upsert(expected.stream().map(id -> embedded(id, 1, 2)).toList());
        store.delete(List.of(expected.remove(7)));
        List<String> walked = new ArrayList<>();
        String cursor = null;
        do {
            VectorStore.Page page = store.scan(cursor, 5);
            assertThat(page.chunks()).hasSizeLessThanOrEqualTo(5);
            page.chunks().forEach(one -> {
                walked.add(one.chunk().id());
                assertThat(Vectors.cosine(one.vector(), Arrays.copyOf(new float[] {1, 2}, DIMENSIONS)))
                        .isCloseTo(1, within(tolerance()));
            });
            cursor = page.next();
        } while (cursor != null && walked.size() < 100);
        assertThat(walked).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    public final void readersAreAConditionLikeAnyOther() {
        VectorStore store = open();
        store.upsert(List.of(
                new Embedded(Chunks.of("all", "text", Readers.EVERYONE.on(Metadata.NONE)), X),
                new Embedded(
                        Chunks.of(
                                "hr", "text", Readers.of("group:hr", "user:ann").on(Metadata.NONE)),
                        X),
                new Embedded(Chunks.of("nobody", "text", Readers.NOBODY.on(Metadata.NONE)), X),
                embedded("unsaid", 1)));
        assertThat(ids(store, 9, Readers.filter(List.of()))).containsExactly("all");
        assertThat(ids(store, 9, Readers.filter(List.of("group:hr")))).containsExactlyInAnyOrder("all", "hr");
        assertThat(ids(store, 9, Readers.filter(List.of("group:HR", "user:", "user:ann' OR '1'='1"))))
                .containsExactly("all");
    }

    @Test
    public final void tenantsDoNotSeeEachOther() {
        Skips.unless(unsupported(), Behavior.TENANTS);
        VectorStore one = open();
        VectorStore other = openFor("tenant' --", STAMP);
        opened.add(other);
        one.upsert(List.of(embedded("same", 1), embedded("mine", 1)));
        other.upsert(List.of(embedded("same", 0, 1)));
        assertThat(ids(other, 9, Filter.all())).containsExactly("same");
        assertThat(ids(other, 9, new Filter.Exists("x").negate())).containsExactly("same");
        assertThat(other.size()).isEqualTo(1);
        assertThat(other.fetch(List.of("mine"))).isEmpty();
        assertThat(other.scan(null, 9).chunks()).hasSize(1);
        other.delete(List.of("mine", "same"));
        assertThat(ids(one, 9, Filter.all())).containsExactlyInAnyOrder("same", "mine");
        assertThat(other.size()).isZero();
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
    public final void aSearchThatNobodyWaitsForEnds() {
        VectorStore store = open();
        store.upsert(List.of(embedded("a", 1)));
        Contexts.areObeyed(() -> store.search(new VectorQuery(X, 1)));
        assertThat(ids(store, 1, Filter.all())).containsExactly("a");
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
