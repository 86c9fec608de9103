package dev.plinth.rag.index;

import static dev.plinth.rag.Chunks.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.Value;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** A search with a filter finds what a search over everything finds, less what the filter refuses. */
class FilterPropertiesTest {
    @Provide
    Arbitrary<Filter> filters() {
        Arbitrary<Filter> leaf = Arbitraries.of(
                Filter.all(),
                Filter.eq("team", "a"),
                Filter.eq("year", Value.of(2024)),
                Filter.atLeast("year", 2023),
                Filter.atMost("score", 2),
                Filter.in("team", "a", "b"),
                Filter.contains("groups", "g1"),
                new Filter.Exists("score"),
                Filter.eq("missing", "x"));
        return Arbitraries.lazyOf(
                () -> leaf,
                () -> leaf,
                () -> filters().map(Filter::negate),
                () -> filters().flatMap(one -> leaf.map(one::and)),
                () -> filters().flatMap(one -> leaf.map(one::or)));
    }

    private static Metadata metadata(Random random) {
        Metadata metadata = Metadata.NONE;
        if (random.nextInt(10) > 0) {
            metadata = metadata.with("team", List.of("a", "b", "c").get(random.nextInt(3)));
        }
        if (random.nextBoolean()) {
            metadata = metadata.with("year", Value.of(2020 + random.nextInt(6)));
        }
        if (random.nextBoolean()) {
            metadata = metadata.with("score", Value.of(random.nextInt(5) / 2.0 + 0.5));
        }
        return random.nextBoolean() ? metadata.with("groups", Value.of(Set.of("g" + random.nextInt(3)))) : metadata;
    }

    @Property(tries = 300)
    void agreesWithAFilterAfterTheSearch(
            @ForAll("filters") Filter filter,
            @ForAll @IntRange(max = 300) int count,
            @ForAll @IntRange(min = 1, max = 20) int k,
            @ForAll ScanMode mode,
            @ForAll long seed) {
        Random random = new Random(seed);
        InMemoryIndex index = InMemoryIndex.builder(new VectorStore.Stamp("m", 16))
                .scanMode(mode)
                .build();
        List<Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Chunk chunk = chunk("c" + i, "word" + random.nextInt(4) + " common", metadata(random));
            chunks.add(chunk);
            index.upsert(List.of(new Embedded(chunk, vector(random))));
        }
        long passing = chunks.stream()
                .filter(chunk -> filter.matches(chunk.metadata()))
                .count();

        List<Match> found = index.search(new VectorQuery(vector(random), k, filter));
        assertThat(found)
                .hasSize((int) Math.min(k, passing))
                .allMatch(match -> filter.matches(match.chunk().metadata()));
        assertThat(found)
                .isSortedAccordingTo(Comparator.comparingDouble(Match::score).reversed());

        List<Match> words = index.search(new TextQuery("word1 common", k, filter));
        List<Match> oracle = index.search(new TextQuery("word1 common", count + 1)).stream()
                .filter(match -> filter.matches(match.chunk().metadata()))
                .limit(k)
                .toList();
        assertThat(words).isEqualTo(oracle);
    }

    private static float[] vector(Random random) {
        float[] vector = new float[16];
        for (int d = 0; d < 16; d++) {
            vector[d] = (float) random.nextGaussian();
        }
        return vector;
    }
}
