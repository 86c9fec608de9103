package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** The filters of a store, held against {@link FilterOracle}: the same cases for stores of either kind. */
final class FilterContract {
    private static final int CHUNKS = 200;
    private static final int FILTERS = 200;
    private static final long SEED = 20_260_101;

    private FilterContract() {}

    /** Chunks with random metadata, all of them holding this text. */
    static List<Chunk> randomChunks(String text) {
        FilterCases cases = new FilterCases(SEED);
        List<Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < CHUNKS; i++) {
            chunks.add(Chunks.of("c" + i, text, cases.metadata()));
        }
        return chunks;
    }

    /** Holds many random filters against the oracle. */
    static void agreesOnRandomFilters(List<Chunk> chunks, Function<Filter, List<String>> search) {
        FilterCases cases = new FilterCases(SEED + 1);
        for (int i = 0; i < FILTERS; i++) {
            agrees(chunks, cases.filter(), search);
        }
    }

    /** Holds the filters against the oracle that name a field, or a value, in a way that must not become code. */
    static void agreesOnHostileFilters(List<Chunk> chunks, Function<Filter, List<String>> search) {
        for (String hostile : List.of(
                "' OR '1'='1",
                "\" OR 1=1 --",
                "'); DROP TABLE chunks; --",
                "*:*",
                "a\") || true || (\"",
                "%",
                "_",
                "${x}")) {
            agrees(chunks, Filter.eq("team", hostile), search);
            agrees(chunks, Filter.eq(hostile, "a"), search);
            agrees(chunks, Filter.contains("team", hostile), search);
            agrees(chunks, Filter.in("team", hostile, "a"), search);
            agrees(chunks, new Filter.Exists(hostile), search);
            agrees(chunks, Filter.eq(hostile, "a").negate(), search);
        }
    }

    /** Numbers are compared exactly, texts by UTF-16 code units. */
    static List<Chunk> edges(String text) {
        long big = 1L << 53;
        return List.of(
                Chunks.of("whole", text, number(Value.of(big))),
                Chunks.of("next", text, number(Value.of(big + 1))),
                Chunks.of("decimal", text, number(Value.of((double) big))),
                Chunks.of("text", text, number(Value.of(Long.toString(big)))),
                Chunks.of("none", text, Metadata.NONE));
    }

    private static Metadata number(Value value) {
        return Metadata.NONE.with("n", value);
    }

    static void agreesOnEdges(List<Chunk> chunks, Function<Filter, List<String>> search) {
        long big = 1L << 53;
        for (Filter.Operator operator : Filter.Operator.values()) {
            agrees(chunks, new Filter.Compare("n", operator, Value.of(big)), search);
            agrees(chunks, new Filter.Compare("n", operator, Value.of(big + 1)), search);
            agrees(chunks, new Filter.Compare("n", operator, Value.of((double) big)), search);
            agrees(chunks, new Filter.Compare("n", operator, Value.of((double) big)).negate(), search);
            agrees(chunks, new Filter.Compare("n", operator, Value.of(Long.toString(big))), search);
        }
    }

    private static void agrees(List<Chunk> chunks, Filter filter, Function<Filter, List<String>> search) {
        Set<String> expected = new TreeSet<>();
        for (Chunk chunk : chunks) {
            if (FilterOracle.passes(filter, chunk.metadata())) {
                expected.add(chunk.id());
            }
        }
        List<String> found = search.apply(filter);
        assertThat(new TreeSet<>(found)).as("chunks that pass %s", filter).isEqualTo(expected);
        assertThat(found).as("chunks that pass %s", filter).doesNotHaveDuplicates();
    }
}
