package dev.plinth.rag.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Filter.Operator;
import dev.plinth.api.retrieval.HybridIndex;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.Value;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.TimeSource;
import dev.plinth.rag.text.Analyzer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteIndexTest {
    private static final VectorStore.Stamp STAMP = new VectorStore.Stamp("model", 2);
    private static final float[] X = {1, 0};
    private static final Ledger.Entry ENTRY =
            new Ledger.Entry(null, null, new Ledger.Failure("v", "cause", 1, Instant.EPOCH));

    @TempDir
    Path directory;

    private Path file;
    private SqliteIndex index;

    @BeforeEach
    void open() {
        file = directory.resolve("new folder").resolve("index.db");
        index = builder().open();
    }

    @AfterEach
    void close() {
        index.close();
    }

    private SqliteIndex.Builder builder() {
        return SqliteIndex.builder(file, STAMP);
    }

    private static Chunk chunk(String id, String text) {
        return chunk(id, text, Metadata.NONE);
    }

    private static Chunk chunk(String id, String text, Metadata metadata) {
        return new Chunk(id, "doc", "source", text, new Chunk.Span(0, text.length(), 1, 1), List.of(), metadata);
    }

    private static Embedded embedded(String id, float... vector) {
        return new Embedded(chunk(id, "text of " + id), vector);
    }

    private static List<String> ids(List<Match> matches) {
        return matches.stream().map(match -> match.chunk().id()).toList();
    }

    private static void assertRefused(ThrowingCallable call, String... said) {
        assertThatThrownBy(call).isInstanceOf(StoreException.class).hasMessageContainingAll(said);
    }

    @Test
    void wordsAloneAreFoundByWordsAndLeaveAVector() {
        index.upsert(List.of(embedded("both", X)));
        index.add(List.of(chunk("both", "zebra"), chunk("words", "zebra"), chunk("words", "zebra piano")));
        assertThat(ids(index.search(new TextQuery("zebra", 9)))).containsExactlyInAnyOrder("both", "words");
        assertThat(ids(index.search(new VectorQuery(X, 9)))).containsExactly("both");
        assertThat(index.fetch(List.of("both", "words"))).hasSize(1);
        assertThat(index.scan(null, 9).chunks()).hasSize(1);
        assertThat(index.size()).isEqualTo(2);
        HybridIndex.Both both = index.search(new VectorQuery(X, 1), new TextQuery("piano", 2));
        assertThat(ids(both.byVector())).containsExactly("both");
        assertThat(ids(both.byWords())).containsExactly("words");
    }

    @Test
    void hostileIdsAndWordsAreOnlyText() {
        String longId = "id".repeat(20_000);
        List<String> ids = List.of(
                "\uD83D",
                "\uDE00",
                "\uD83D\uDE00",
                "\uFFFD",
                "\0",
                "\0\0",
                "c",
                "\uFFFF",
                longId,
                longId + "1",
                "'; --",
                "?");
        index.upsert(ids.stream().map(id -> embedded(id, X)).toList());
        assertThat(index.size()).isEqualTo(ids.size());
        assertThat(index.fetch(ids)).hasSize(ids.size());
        assertThat(index.scan(null, 99).chunks())
                .extracting(one -> one.chunk().id())
                .isSorted()
                .hasSize(ids.size());
        index.put("\uD83D", Map.of(longId, ENTRY, "\0", ENTRY));
        index.put("\uFFFD", Map.of("d", ENTRY));
        assertThat(index.sources()).containsExactlyInAnyOrder("\uD83D", "\uFFFD");
        assertThat(index.list("\uD83D", null, 9)).containsOnlyKeys(longId, "\0");

        String word = "w".repeat(50_000);
        index.add(List.of(
                chunk("long", word + " zebra"),
                chunk("accents", "Caf\u00e9 \u65e5\u672c \uD835\uDD4F d'accord a_b 3.14 cafe\u0301")));
        assertThat(ids(index.search(new TextQuery(word, 9)))).containsExactly("long");
        for (String query : List.of("caf\u00e9", "\u65e5", "\uD835\uDD4F", "d'accord", "a_b", "3.14")) {
            assertThat(ids(index.search(new TextQuery(query, 9)))).as(query).containsExactly("accents");
        }
        for (String query : List.of("cafe", "accord", "3", "w*", "NEAR(zebra piano)x")) {
            assertThat(ids(index.search(new TextQuery(query, 9)))).as(query).doesNotContain("accents");
        }
    }

    @Test
    void aSearchEndsWhereItsDeadlinePasses() {
        index.upsert(
                IntStream.range(0, 5_000).mapToObj(i -> embedded("c" + i, 1, i)).toList());
        AtomicLong asked = new AtomicLong();
        TimeSource stepping = new TimeSource() {
            @Override
            public Instant now() {
                return Instant.EPOCH;
            }

            @Override
            public long nanos() {
                return asked.getAndIncrement();
            }

            @Override
            public void sleep(Duration duration) {}
        };
        CallContext context = CallContext.builder()
                .deadline(Deadline.after(Duration.ofNanos(3), stepping))
                .build();
        assertThatThrownBy(() -> context.call(() -> index.search(new VectorQuery(X, 9))))
                .isInstanceOf(TimedOutException.class);
        assertThat(index.search(new VectorQuery(X, 9))).hasSize(9);
    }

    @Test
    void ofALongQueryTheFirstWordsCount() {
        StringBuilder query = new StringBuilder("zebra");
        IntStream.range(0, 5_000).forEach(i -> query.append(" word").append(i));
        index.add(List.of(chunk("a", "zebra"), chunk("b", "piano"), chunk("c", "word4999"), chunk("d", "word498")));
        assertThat(ids(index.search(new TextQuery(query.toString(), 9)))).containsExactlyInAnyOrder("a", "d");
    }

    @Test
    void filtersOfAnySizeAndOverAnyTextAgreeWithTheFilterItself() {
        List<String> texts = List.of(
                "", "a", "\uD83D", "\uD83D\uDE00", "\uDE00", "\uFFFD", "\uE000", "\0", "x".repeat(40_000), "a\0b");
        List<Chunk> chunks = new ArrayList<>();
        for (String text : texts) {
            for (Value value : List.of(Value.of(text), Value.of(Set.of(text, "other")), Value.of(Set.of(text)))) {
                chunks.add(chunk(chunks.size() + text, "word", Metadata.NONE.with("f", value)));
                chunks.add(chunk(chunks.size() + text, "word", Metadata.NONE.with("\uD83D", value)));
            }
        }
        index.upsert(chunks.stream().map(chunk -> new Embedded(chunk, X)).toList());
        List<Filter> filters = new ArrayList<>();
        for (String text : texts) {
            for (Operator operator : Operator.values()) {
                filters.add(new Filter.Compare("f", operator, Value.of(text)));
                filters.add(new Filter.Compare("\uD83D", operator, Value.of(text)).negate());
            }
            filters.add(Filter.contains("f", text));
            filters.add(Filter.eq("f", Value.of(Set.of(text))));
        }
        List<Filter> many = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            many.add(Filter.atLeast("f", i).and(new Filter.Exists("f")).negate());
        }
        filters.add(new Filter.And(many));
        filters.add(new Filter.Or(many));
        filters.add(Readers.filter(
                IntStream.range(0, 5_000).mapToObj(i -> "group:" + i).toList()));
        for (Filter filter : filters) {
            List<String> expected = chunks.stream()
                    .filter(chunk -> filter.matches(chunk.metadata()))
                    .map(Chunk::id)
                    .toList();
            assertThat(ids(index.search(new VectorQuery(X, 999, filter))))
                    .containsExactlyInAnyOrderElementsOf(expected);
            assertThat(ids(index.search(new TextQuery("word", 999, filter))))
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void twoObjectsMayWriteToOneFile() {
        try (SqliteIndex other = builder().open();
                SqliteIndex tenant =
                        builder().tenant("acme").analyzer(Analyzer.plain()).open()) {
            other.upsert(List.of(embedded("a", X)));
            index.upsert(List.of(embedded("b", X)));
            tenant.upsert(List.of(embedded("c", X)));
            assertThat(ids(other.search(new VectorQuery(X, 9)))).containsExactlyInAnyOrder("a", "b");
            assertThat(ids(tenant.search(new TextQuery("text", 9)))).containsExactly("c");
        }
    }

    @Test
    void aWriteThatFailsHalfwayLeavesNothing() throws Exception {
        index.upsert(List.of(embedded("kept", X)));
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            statement.execute("CREATE TRIGGER full BEFORE INSERT ON vector_1 WHEN (SELECT count(*) FROM vector_1) >= 2"
                    + " BEGIN SELECT RAISE(ABORT, 'disk is full'); END");
            assertRefused(
                    () -> index.write(List.of(embedded("1", X), embedded("2", X), embedded("3", X)), List.of("kept")),
                    "cannot be written",
                    "disk is full");
            assertThat(ids(index.search(new VectorQuery(X, 9)))).containsExactly("kept");
            assertThat(ids(index.search(new TextQuery("text", 9)))).containsExactly("kept");
            statement.execute("DROP TRIGGER full");
        }
        index.upsert(List.of(embedded("later", X)));
        assertThat(index.size()).isEqualTo(2);
    }

    @Test
    void anotherModelDimensionOrAnalyzerIsRefused() {
        assertRefused(
                () -> SqliteIndex.builder(file, new VectorStore.Stamp("other", 2))
                        .open(),
                "holds model model",
                "other");
        assertRefused(
                () -> SqliteIndex.builder(file, new VectorStore.Stamp("model", 3))
                        .open(),
                "dimensions 2",
                "3");
        assertRefused(() -> builder().analyzer(Analyzer.plain()).open(), "english-1", "plain-1");
    }

    @Test
    void whatIsNotOursIsRefusedAndLeftAlone() throws Exception {
        Path foreign = directory.resolve("foreign.db");
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + foreign);
                Statement statement = other.createStatement()) {
            statement.execute("CREATE TABLE tenant (name TEXT)");
        }
        byte[] before = Files.readAllBytes(foreign);
        assertRefused(() -> SqliteIndex.builder(foreign, STAMP).open(), "a database of something else");
        assertThat(foreign).hasBinaryContent(before);
        Path text = directory.resolve("text.db");
        Files.writeString(text, "This is not a database, but long enough to be taken for one. ".repeat(20));
        assertRefused(() -> SqliteIndex.builder(text, STAMP).open(), "cannot be written", "not a database");
        assertRefused(
                () -> builder().vectorExtension(directory.resolve("missing.so")).open(),
                "cannot be written",
                "missing");
    }

    @Test
    void aFolderThatCannotBeMadeIsAnError() throws IOException {
        Path taken = Files.writeString(directory.resolve("taken"), "x");
        assertRefused(
                () -> SqliteIndex.builder(taken.resolve("index.db"), STAMP).open(), "cannot be created");
    }

    @Test
    void whatIsClosedRefusesEverything() {
        index.close();
        List<ThrowingCallable> calls = List.of(
                () -> index.upsert(List.of(embedded("a", X))),
                () -> index.put("docs", Map.of("a", ENTRY)),
                () -> index.search(new VectorQuery(X, 1)),
                () -> index.search(new TextQuery("a", 1)),
                () -> index.scan(null, 1),
                index::size,
                index::sources);
        for (ThrowingCallable call : calls) {
            assertRefused(call, "closed (expected: open)");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> builder().tenant(" "));
    }
}
