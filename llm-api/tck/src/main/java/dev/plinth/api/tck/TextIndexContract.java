package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.TextIndex;
import dev.plinth.api.retrieval.TextQuery;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link TextIndex} has to do. The words it is tried with are lower case, not inflected and no stop words,
 * so that every way to split and stem texts gives the same.
 */
public abstract class TextIndexContract {
    private final List<TextIndex> opened = new ArrayList<>();

    /** For subclasses. */
    protected TextIndexContract() {}

    /** An empty index. */
    protected abstract TextIndex open();

    /** Releases an index that {@link #open} returned; closes it if it can be closed, unless overridden. */
    protected void close(TextIndex index) throws Exception {
        if (index instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    /** Closes what a test opened. */
    @AfterEach
    public final void closeIndexes() throws Exception {
        for (TextIndex index : opened) {
            close(index);
        }
    }

    private TextIndex opened() {
        TextIndex index = open();
        opened.add(index);
        return index;
    }

    private static Chunk chunk(String id, String text) {
        return Chunks.of(id, text, Metadata.NONE);
    }

    private static List<String> ids(TextIndex index, String text) {
        return Chunks.ids(index.search(new TextQuery(text, 1000)));
    }

    @Test
    public final void emptyIndexFindsNothing() {
        TextIndex index = opened();
        assertThat(ids(index, "zebra")).isEmpty();
        index.add(List.of());
        index.delete(List.of());
        index.delete(List.of("unknown"));
        assertThat(ids(index, "zebra")).isEmpty();
    }

    @Test
    public final void findsChunksThatShareWordsBestFirst() {
        TextIndex index = opened();
        index.add(List.of(
                chunk("both", "zebra piano"),
                chunk("none", "violet harbor"),
                chunk("one", "zebra violet"),
                chunk("other", "harbor piano")));
        List<Match> matches = index.search(new TextQuery("piano zebra", 10));
        assertThat(Chunks.ids(matches)).containsExactlyInAnyOrder("both", "one", "other");
        assertThat(matches.get(0).chunk().id()).isEqualTo("both");
        assertThat(matches)
                .isSortedAccordingTo(Comparator.comparingDouble(Match::score).reversed())
                .allSatisfy(match -> assertThat(match.score()).isPositive());
        assertThat(index.search(new TextQuery("piano zebra", 1))).hasSize(1);
        assertThat(ids(index, "walrus")).isEmpty();
    }

    @Test
    public final void givesChunksBackAsTheyCame() {
        TextIndex index = opened();
        Chunk chunk = new Chunk(
                "id 'x' \"y\" 日本",
                "doc/with/path.md",
                "https://example.com/a?b=c#d",
                "zebra\n\tline two 😀 \\ 'quoted' %s {}",
                new Chunk.Span(7, 44, 2, 3),
                List.of("Chapter", "", "Section 1.1"),
                new FilterCases(3).metadata());
        index.add(List.of(chunk));
        assertThat(index.search(new TextQuery("zebra", 1)).get(0).chunk()).isEqualTo(chunk);
    }

    @Test
    public final void replacesWhatHasTheSameId() {
        TextIndex index = opened();
        index.add(List.of(chunk("a", "zebra"), chunk("b", "zebra")));
        index.add(List.of(chunk("a", "piano")));
        assertThat(ids(index, "zebra")).containsExactly("b");
        assertThat(ids(index, "piano")).containsExactly("a");
    }

    @Test
    public final void sameIdTwiceInOneCallKeepsTheLast() {
        TextIndex index = opened();
        index.add(List.of(chunk("a", "zebra"), chunk("a", "piano")));
        assertThat(ids(index, "zebra")).isEmpty();
        assertThat(ids(index, "piano")).containsExactly("a");
    }

    @Test
    public final void deletes() {
        TextIndex index = opened();
        index.add(List.of(chunk("a", "zebra"), chunk("A", "zebra"), chunk("b", "zebra"), chunk("%", "zebra")));
        index.delete(List.of("a", "unknown", "%", "a"));
        assertThat(ids(index, "zebra")).containsExactlyInAnyOrder("A", "b");
    }

    @Test
    public final void aSearchThatNobodyWaitsForEnds() {
        TextIndex index = opened();
        index.add(List.of(chunk("a", "zebra")));
        Contexts.areObeyed(() -> index.search(new TextQuery("zebra", 1)));
        assertThat(ids(index, "zebra")).containsExactly("a");
    }

    @Test
    public final void takesAnyQuery() {
        TextIndex index = opened();
        index.add(List.of(chunk("a", "zebra")));
        for (String query : List.of(
                "?!",
                "AND",
                "NOT zebra",
                "zebra AND",
                "(zebra",
                "zebra\"",
                "title:zebra",
                "zebra~",
                "zebra^2",
                "+zebra -piano",
                "[a TO b]",
                "/zebra/",
                "zebra*",
                "' OR 1=1 --",
                "zebra \\",
                "日本語 😀",
                "& | !",
                "<->")) {
            assertThat(index.search(new TextQuery(query, 10))).as(query).hasSizeLessThanOrEqualTo(1);
        }
        assertThat(ids(index, "(zebra")).containsExactly("a");
        assertThat(ids(index, "zebra\" piano:")).containsExactly("a");
    }

    @Test
    public final void filtersBeforeTheBestAreTaken() {
        TextIndex index = opened();
        List<Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            boolean support = i % 50 == 0;
            String text = support ? "zebra violet harbor walrus candle" : "zebra zebra";
            chunks.add(Chunks.of("c" + i, text, Metadata.NONE.with("team", support ? "support" : "sales")));
        }
        index.add(chunks);
        List<Match> matches = index.search(new TextQuery("zebra", 4, Filter.eq("team", "support")));
        assertThat(Chunks.ids(matches)).containsExactlyInAnyOrder("c0", "c50", "c100", "c150");
        assertThat(index.search(new TextQuery("zebra", 5, Filter.eq("team", "nobody"))))
                .isEmpty();
    }

    @Test
    public final void randomFiltersAgreeWithTheOracle() {
        List<Chunk> chunks = FilterContract.randomChunks("zebra");
        FilterContract.agreesOnRandomFilters(chunks, searchOver(chunks));
    }

    @Test
    public final void hostileFiltersAgreeWithTheOracle() {
        List<Chunk> chunks = FilterContract.randomChunks("zebra");
        FilterContract.agreesOnHostileFilters(chunks, searchOver(chunks));
    }

    @Test
    public final void numbersAreComparedExactly() {
        List<Chunk> chunks = FilterContract.edges("zebra");
        FilterContract.agreesOnEdges(chunks, searchOver(chunks));
    }

    private Function<Filter, List<String>> searchOver(List<Chunk> chunks) {
        TextIndex index = opened();
        index.add(chunks);
        return filter -> Chunks.ids(index.search(new TextQuery("zebra", chunks.size(), filter)));
    }

    @Test
    public final void servesManyCallersAtOnce() throws Exception {
        TextIndex index = opened();
        Together.run(Together.THREADS, thread -> () -> {
            for (int i = 0; i < 20; i++) {
                index.add(List.of(chunk("t" + thread + "-" + i, "zebra"), chunk("shared", "zebra")));
                assertThat(ids(index, "zebra")).contains("shared").doesNotHaveDuplicates();
                index.delete(i % 2 == 0 ? List.of("t" + thread + "-" + i) : List.of("unknown"));
            }
            return null;
        });
        assertThat(ids(index, "zebra")).hasSize(Together.THREADS * 10 + 1);
    }
}
