package dev.plinth.rag.split;

import static dev.plinth.rag.split.Documents.split;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.rag.WordVectors;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Texts that nobody writes and that come all the same: long runs of what has a meaning to some splitter. None may end in
 * a full stack, or take a time that grows with more than the text does: the minute is far more than any of them needs,
 * and far less than a quadratic one would.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LongRunsTest {
    private static final List<String> MARKS = Stream.concat(
                    "# * - _ = ~ ` | : < > ! . , ' \" / \\ ( } & @ 1 a"
                            .chars()
                            .filter(mark -> mark != ' ')
                            .mapToObj(Character::toString),
                    Stream.of(" ", "\t", "\n", "\r", "\u2028", "\u3002", "\uD83D\uDE00"))
            .toList();

    /** What comes before a run decides how it is read. */
    private static final List<String> OPENINGS = List.of("", "# a", "| a |\n", "- ", "```", "x = ", "<a b=", "'");

    private static Stream<Splitter> splitters() {
        return Stream.concat(
                Stream.of(StructureSplitter.Format.values())
                        .filter(format -> format != StructureSplitter.Format.BY_NAME)
                        .map(format -> StructureSplitter.create().format(format)),
                Stream.of(
                        RecursiveSplitter.create().maxSize(200),
                        SentenceSplitter.create().maxSize(200).overlap(2),
                        TokenSplitter.by("characters", String::length)
                                .maxTokens(200)
                                .overlap(9),
                        ParentChildSplitter.create()));
    }

    @ParameterizedTest
    @MethodSource("splitters")
    void runsOfOneMark(Splitter splitter) {
        for (String mark : MARKS) {
            for (String opening : OPENINGS) {
                losesNothing(splitter, opening + run(mark, 20_000) + "b");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("splitters")
    void runsOfTwoMarks(Splitter splitter) {
        for (String first : MARKS) {
            for (String second : MARKS) {
                losesNothing(splitter, run(first + second, 20_000) + " b");
            }
        }
    }

    @Test
    void runsOfSentencesWhoseVectorsAreAsked() {
        for (String mark : MARKS) {
            losesNothing(SemanticSplitter.by(new WordVectors()), run(mark, 20_000) + " b");
        }
    }

    /** But for HTML, of which nobody reads all. */
    private static void losesNothing(Splitter splitter, String text) {
        List<Chunk> chunks = split(splitter, text);
        if (splitter.fingerprint().endsWith("HTML")) {
            return;
        }
        int end = 0;
        String lost = "";
        for (Chunk chunk : chunks) {
            lost += text.substring(
                            Math.min(end, chunk.span().start()), chunk.span().start())
                    .strip();
            end = chunk.span().end();
        }
        assertThat(lost + text.substring(end).strip()).isEmpty();
    }

    private static String run(String marks, int length) {
        return marks.repeat(length / marks.length());
    }

    @Test
    void aTableOfManyColumns() {
        String row = run("| a ", 400_000) + "|\n";
        losesNothing(markdown(), row + run("| - ", 400_000) + "|\n" + row);
    }

    @Test
    void aThematicBreakAndATableRuleThatIsNone() {
        losesNothing(markdown(), run("* ", 400_000));
        losesNothing(markdown(), "| a |\n" + run(" ", 400_000) + "b |");
    }

    @Test
    void aHeadingWithAHoleInIt() {
        List<Chunk> chunks = split(markdown(), "# a" + run(" ", 400_000) + "b ##");
        assertThat(chunks.get(0).headings().get(0)).startsWith("a  ").hasSize(1_000);
        assertThat(split(markdown(), "# a ## #").get(0).headings()).containsExactly("a ##");
        assertThat(split(markdown(), "# a#").get(0).headings()).containsExactly("a#");
        assertThat(split(markdown(), "## ##\nb").get(0).headings()).isEmpty();
    }

    @Test
    void aLineThatABreakOfAnotherKindEnds() {
        losesNothing(markdown(), "#" + run(" ", 400_000) + "\u2028b");
        losesNothing(markdown(), run("~", 400_000) + "`\u2028b");
    }

    /** It stands in each of its chunks, so that a long one would grow with the square of its length. */
    @Test
    void aTitleIsNoLongerThanItHelps() {
        for (String text : List.of("# " + run("word ", 100_000), run("word\n", 100_000) + "===")) {
            assertThat(split(markdown(), text))
                    .hasSizeGreaterThan(90)
                    .allSatisfy(chunk ->
                            assertThat(chunk.headings().get(0).length()).isEqualTo(1_000));
        }
        String pairs = "<h1>a" + run("\uD83D\uDE00", 2_000) + "</h1>";
        assertThat(split(StructureSplitter.create().format(StructureSplitter.Format.HTML), pairs)
                        .get(0)
                        .headings()
                        .get(0))
                .hasSize(999);
    }

    @Test
    void tagsThatEndInQuotesOnly() {
        StructureSplitter html = StructureSplitter.create().format(StructureSplitter.Format.HTML);
        for (String part : List.of("<a ='>' ", "<a =\"'>", "<a =\">\"<!--")) {
            split(html, run(part, 800_000));
        }
        assertThat(split(html, "<p title='a>b'>One</p>" + run("<a ='>' ", 80) + "<p>Two</p>"))
                .last()
                .satisfies(chunk -> assertThat(chunk.text()).contains("Two"));
    }

    @Test
    void quotesThatNothingCloses() {
        StructureSplitter code = StructureSplitter.create().format(StructureSplitter.Format.CODE);
        losesNothing(code, run("\\'", 800_000));
        losesNothing(code, run("\\\"\\'", 800_000));
    }

    @Test
    void whiteSpaceThatFillsManyWindows() {
        for (String before : List.of("", "a", "a\n")) {
            losesNothing(StructureSplitter.create().maxSize(16), before + run(" ", 2_000_000) + "b");
        }
    }

    @Test
    void aWordOfManyTokens() {
        TokenSplitter splitter = TokenSplitter.by("characters", String::length).maxTokens(8);
        List<Chunk> chunks = split(splitter, run("a\uD83D\uDE00", 1_500_000));
        assertThat(chunks.stream().mapToInt(chunk -> chunk.text().length()).distinct())
                .containsOnly(7, 8);
    }

    private static StructureSplitter markdown() {
        return StructureSplitter.create().format(StructureSplitter.Format.MARKDOWN);
    }
}
