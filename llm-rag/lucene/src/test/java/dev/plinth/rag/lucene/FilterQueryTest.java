package dev.plinth.rag.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Filter.Operator;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.Value;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the contract does not try: texts longer than a term, surrogates without their pair, filters of great size. */
class FilterQueryTest {
    private static final String LONG = "long".repeat(TextBytes.LONGEST / 4 + 1);
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "\uD83D",
            "\uD83D\uDE00",
            "\uDE00",
            "\uFFFD",
            "\uE000",
            "\uFFFF",
            "\0",
            LONG,
            LONG + "a",
            LONG + "b",
            LONG + "\uD83D",
            LONG.substring(1),
            LONG.substring(0, TextBytes.LONGEST),
            LONG.substring(0, 8_001),
            "lonh");
    private static final List<String> FIELDS = List.of("f", "\uD83D", "\uFFFD", LONG);

    @TempDir
    Path directory;

    private final List<Chunk> chunks = new ArrayList<>();
    private LuceneIndex index;

    @BeforeEach
    void fill() {
        index = LuceneIndex.builder(directory, new VectorStore.Stamp("m", 2)).open();
        List<Embedded> embedded = new ArrayList<>();
        for (String field : FIELDS) {
            for (String text : TEXTS) {
                for (Value value : List.of(Value.of(text), Value.of(Set.of(text, "other")), Value.of(Set.of(text)))) {
                    String id = chunks.size() + text;
                    Chunk chunk = Chunks.chunk(id, "word", Metadata.NONE.with(field, value));
                    chunks.add(chunk);
                    embedded.add(new Embedded(chunk, new float[] {1, chunks.size()}));
                }
            }
        }
        index.upsert(embedded);
    }

    @AfterEach
    void close() {
        index.close();
    }

    @Test
    void everyTextInEveryRelationAgreesWithTheFilterItself() {
        for (String field : FIELDS) {
            for (String text : TEXTS) {
                for (Operator operator : Operator.values()) {
                    agrees(new Filter.Compare(field, operator, Value.of(text)));
                }
                agrees(Filter.contains(field, text));
                agrees(Filter.eq(field, Value.of(Set.of(text))));
                agrees(new Filter.In(field, List.of(Value.of("a"), Value.of(text))).negate());
            }
            agrees(new Filter.Exists(field));
            agrees(new Filter.Exists(field).negate());
        }
    }

    @Test
    void randomNestedFiltersAgreeWithTheFilterItself() {
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            agrees(filter(random, 3));
        }
    }

    private static Filter filter(Random random, int depth) {
        String field = FIELDS.get(random.nextInt(FIELDS.size()));
        String text = TEXTS.get(random.nextInt(TEXTS.size()));
        return switch (random.nextInt(depth == 0 ? 3 : 6)) {
            case 0 -> new Filter.Compare(field, Operator.values()[random.nextInt(5)], Value.of(text));
            case 1 -> Filter.contains(field, text);
            case 2 -> random.nextBoolean() ? Filter.all() : new Filter.Exists(field);
            case 3 -> filter(random, depth - 1).and(filter(random, depth - 1));
            case 4 -> filter(random, depth - 1).or(filter(random, depth - 1));
            default -> filter(random, depth - 1).negate();
        };
    }

    @Test
    void aCallerMayBeInThousandsOfGroups() {
        List<String> groups =
                IntStream.range(0, 5_000).mapToObj(i -> "group:" + i).toList();
        Chunk mine = Chunks.chunk("mine", "word", Readers.of("group:4999").on(Metadata.NONE));
        Chunk other = Chunks.chunk("other", "word", Readers.of("group:5000").on(Metadata.NONE));
        chunks.addAll(List.of(mine, other));
        index.upsert(List.of(new Embedded(mine, new float[] {1, 0}), new Embedded(other, new float[] {1, 0})));
        assertThat(index.search(new VectorQuery(new float[] {1, 0}, 9, Readers.filter(groups))))
                .extracting(match -> match.chunk().id())
                .containsExactly("mine");
        agrees(Readers.filter(groups));
    }

    @Test
    void filtersOfThousandsOfConditionsAgree() {
        List<Filter> all = new ArrayList<>();
        List<Filter> nested = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            all.add(Filter.eq("f", "no " + i).negate());
            nested.add(Filter.atLeast("f", i).and(new Filter.Exists("f")));
        }
        nested.add(Filter.eq("f", "a"));
        agrees(new Filter.And(all));
        agrees(new Filter.And(all.subList(0, 400)));
        agrees(new Filter.And(all.subList(0, 200)));
        agrees(new Filter.Or(nested));
        agrees(new Filter.Or(nested.subList(1_700, 2_001)));
        agrees(new Filter.In(
                        "f",
                        IntStream.range(0, 3_000)
                                .mapToObj(i -> Value.of((long) i))
                                .toList())
                .negate());
    }

    private void agrees(Filter filter) {
        List<String> expected = chunks.stream()
                .filter(chunk -> filter.matches(chunk.metadata()))
                .map(Chunk::id)
                .toList();
        assertThat(index.search(new TextQuery("word", chunks.size(), filter)))
                .extracting(match -> match.chunk().id())
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(index.search(new VectorQuery(new float[] {0, 1}, chunks.size(), filter)))
                .extracting(match -> match.chunk().id())
                .containsExactlyInAnyOrderElementsOf(expected);
    }
}
