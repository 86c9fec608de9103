package dev.plinth.rag.split;

import static dev.plinth.rag.split.Documents.document;
import static dev.plinth.rag.split.Documents.split;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.rag.WordVectors;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** Laws that hold for any text, any splitter and any setting. */
class SplitterPropertiesTest {
    private static final List<String> PARTS = List.of(
            "# Title\n",
            "## Sub\n",
            "Heading\n===\n",
            "```\ncode # x\n\n```\n",
            "~~~\n",
            "- item one\n",
            "1. step\n",
            "| a | b |\n|---|---|\n| 1 | 2 |\n",
            "A sentence. Another one! ",
            "word ",
            "\n",
            "\n\n",
            "\n\n\n\n\n\n",
            "   ",
            "\r\n",
            "\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00",
            "averyveryverylongwordwithoutanyspace",
            "\u6771\u4EAC\u3067\u3059\u3002",
            "\uD83D",
            "\uDE00",
            "\t",
            "---\n",
            "class A {\n    int b() {\n        return \"}\";\n    }\n}\n",
            "def f(x):\n    # why\n    return x\n\n",
            "/** What. */\n@Test\n",
            "{",
            "}\n",
            "'");
    private static final List<String> MARKUP = List.of(
            "<h1>Title</h1>",
            "<p>",
            "</p>",
            "<div class=\"a>b\">",
            "</div>",
            "<ul><li>one<li>two</ul>",
            "<table><tr><td>1<td>2</tr><tr><td>3</table>",
            "<table>",
            "<pre>a\n  b</pre>",
            "<br/>",
            "<b>",
            "<a href='x'>",
            "< ",
            "<",
            "&amp;");

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(joined(PARTS), Arbitraries.strings().ofMaxLength(300));
    }

    @Provide
    Arbitrary<String> pages() {
        return joined(Stream.concat(PARTS.stream(), MARKUP.stream()).toList());
    }

    private static Arbitrary<String> joined(List<String> parts) {
        return Arbitraries.of(parts).list().ofMaxSize(60).map(list -> String.join("", list));
    }

    /** A splitter with the most characters of its chunks, and whether it leaves nothing out. */
    record Tried(Splitter splitter, int most, boolean whole) {}

    @Provide
    Arbitrary<Tried> splitters() {
        Arbitrary<Integer> sizes = Arbitraries.integers().between(16, 120);
        Arbitrary<Integer> overlaps = Arbitraries.integers().between(0, 8);
        Arbitrary<Tried> structure = Combinators.combine(
                        sizes, overlaps, Arbitraries.of(StructureSplitter.Format.class))
                .as((size, overlap, format) -> new Tried(
                        StructureSplitter.create()
                                .maxSize(size)
                                .overlap(overlap)
                                .format(format),
                        size,
                        format != StructureSplitter.Format.HTML));
        Arbitrary<Tried> recursive = Combinators.combine(sizes, overlaps)
                .as((size, overlap) ->
                        new Tried(RecursiveSplitter.create().maxSize(size).overlap(overlap), size, true));
        Arbitrary<Tried> sentence = Combinators.combine(sizes, overlaps)
                .as((size, overlap) -> new Tried(
                        SentenceSplitter.create().maxSize(size).maxSentences(9).overlap(overlap), size, true));
        Arbitrary<Tried> token = Combinators.combine(sizes, overlaps)
                .as((size, overlap) -> new Tried(
                        TokenSplitter.by("characters", String::length)
                                .maxTokens(size)
                                .overlap(overlap),
                        size,
                        true));
        Arbitrary<Tried> semantic = Combinators.combine(sizes, overlaps)
                .as((size, least) -> new Tried(
                        SemanticSplitter.by(new WordVectors()).minSize(least).maxSize(size), size, true));
        Arbitrary<Tried> single = Arbitraries.frequencyOf(
                Tuple.of(3, structure),
                Tuple.of(1, recursive),
                Tuple.of(1, sentence),
                Tuple.of(1, token),
                Tuple.of(1, semantic));
        Arbitrary<Tried> parentChild = Combinators.combine(structure, single)
                .as((parents, children) -> new Tried(
                        ParentChildSplitter.of(
                                ((StructureSplitter) parents.splitter()).overlap(0), children.splitter()),
                        children.most(),
                        parents.whole() && children.whole()));
        return Arbitraries.oneOf(single, parentChild);
    }

    @Property(tries = 2000)
    void offsetsAreExactNothingIsLostAndNothingIsTooLong(
            @ForAll("texts") String text, @ForAll("splitters") Tried tried) {
        boolean[] covered = new boolean[text.length()];
        int start = -1;
        int end = -1;
        for (Chunk chunk : split(tried.splitter(), text)) {
            Chunk.Span span = chunk.span();
            check(text, chunk);
            assertThat(chunk.text().length()).isLessThanOrEqualTo(tried.most());
            assertThat(span.start()).isGreaterThan(start);
            assertThat(span.end()).isGreaterThan(end);
            start = span.start();
            end = span.end();
            Arrays.fill(covered, span.start(), span.end(), true);
        }
        for (int i = 0; tried.whole() && i < text.length(); i++) {
            assertThat(covered[i] || Character.isWhitespace(text.charAt(i)))
                    .as("character %d of %s", i, text)
                    .isTrue();
        }
    }

    private static void check(String text, Chunk chunk) {
        Chunk.Span span = chunk.span();
        assertThat(text.substring(span.start(), span.end())).isEqualTo(chunk.text());
        assertThat(span.startLine()).isEqualTo(line(text, span.start()));
        assertThat(span.endLine()).isEqualTo(line(text, span.end() - 1));
        assertThat(cutsPair(text, span.start()) || cutsPair(text, span.end())).isFalse();
        Chunk.Parent parent = chunk.parent();
        if (parent != null) {
            assertThat(text.substring(parent.span().start(), parent.span().end()))
                    .isEqualTo(parent.text());
            assertThat(parent.span().start()).isLessThanOrEqualTo(span.start());
            assertThat(parent.span().end()).isGreaterThanOrEqualTo(span.end());
        }
    }

    @Property
    void theSameDocumentGivesTheSameChunks(@ForAll("texts") String text, @ForAll("splitters") Tried tried) {
        List<Chunk> chunks = split(tried.splitter(), text);
        assertThat(split(tried.splitter(), text)).isEqualTo(chunks);
        for (int i = 0; i < chunks.size(); i++) {
            assertThat(chunks.get(i).id()).isEqualTo("d#" + (i + 1));
        }
    }

    @Property
    void pagesAreThoseOfTheFirstAndTheLastCharacter(
            @ForAll("texts") String text,
            @ForAll("splitters") Tried tried,
            @ForAll Set<@IntRange(max = 300) Integer> breaks) {
        List<Integer> pages = Stream.concat(Stream.of(0), breaks.stream())
                .filter(at -> at <= text.length())
                .distinct()
                .sorted()
                .toList();
        Document document = new Document("d", "", text, "d", Readers.EVERYONE, Metadata.NONE, pages);
        for (Chunk chunk : tried.splitter().split(document)) {
            Chunk.Span span = chunk.span();
            assertThat(span.startPage()).isEqualTo(page(pages, span.start()));
            assertThat(span.endPage()).isEqualTo(page(pages, span.end() - 1));
        }
    }

    private static int page(List<Integer> pages, int offset) {
        return (int) pages.stream().filter(start -> start <= offset).count();
    }

    /** No white space of more than two characters, so that there is always room for the overlap. */
    @Property
    void theOverlapInCharactersIsExact(
            @ForAll @IntRange(min = 1, max = 400) int words,
            @ForAll @IntRange(min = 40, max = 120) int size,
            @ForAll @IntRange(max = 20) int overlap,
            @ForAll("separators") String between) {
        String text = ("some words." + between).repeat(words).trim();
        for (Splitter splitter : List.of(
                RecursiveSplitter.create().maxSize(size).overlap(overlap),
                StructureSplitter.create().maxSize(size).overlap(overlap).format(StructureSplitter.Format.PLAIN))) {
            List<Chunk> chunks = split(splitter, text);
            for (int i = 1; i < chunks.size(); i++) {
                int shared =
                        chunks.get(i - 1).span().end() - chunks.get(i).span().start();
                assertThat(overlap == 0 ? Math.max(0, shared) : shared).isEqualTo(overlap);
            }
        }
    }

    @Provide
    Arbitrary<String> separators() {
        return Arbitraries.of(" ", "\n", "\n\n", ", ");
    }

    @Property
    void theOverlapInSentencesIsExact(
            @ForAll @IntRange(min = 1, max = 60) int sentences,
            @ForAll @IntRange(min = 1, max = 9) int most,
            @ForAll @IntRange(max = 8) int overlap) {
        Assume.that(overlap < most);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < sentences; i++) {
            text.append("This is sentence number ").append(i).append("x. ");
        }
        List<Chunk> chunks = split(SentenceSplitter.create().maxSentences(most).overlap(overlap), text.toString());
        for (int i = 1; i < chunks.size(); i++) {
            Chunk before = chunks.get(i - 1);
            Chunk chunk = chunks.get(i);
            int shared = Math.max(0, before.span().end() - chunk.span().start());
            String repeated = chunk.text().substring(0, shared);
            assertThat(repeated.chars().filter(c -> c == '.').count()).isEqualTo(overlap);
            assertThat(before.text()).endsWith(repeated);
        }
    }

    /** Five characters are a token, the last of them maybe short. */
    @Property
    void aTokenBudgetIsFilledWithWholeWordsAndNeverExceeded(
            @ForAll("words") String text,
            @ForAll @IntRange(min = 8, max = 40) int most,
            @ForAll @IntRange(max = 4) int overlap) {
        List<Chunk> chunks = split(
                TokenSplitter.by("fives", SplitterPropertiesTest::fives)
                        .maxTokens(most)
                        .overlap(overlap),
                text);
        for (int i = 1; i < chunks.size(); i++) {
            Chunk before = chunks.get(i - 1);
            Chunk chunk = chunks.get(i);
            String repeated = text.substring(
                    Math.min(before.span().end(), chunk.span().start()),
                    before.span().end());
            assertThat(fives(before.text())).isLessThanOrEqualTo(most);
            assertThat(fives(repeated)).isLessThanOrEqualTo(overlap);
            String next = text.substring(before.span().end()).stripLeading().split("\\s", 2)[0];
            int nextEnd = text.indexOf(next, before.span().end()) + next.length();
            assertThat(fives(text.substring(before.span().start(), nextEnd))).isGreaterThan(most);
            String more = text.substring(
                    wordBefore(text, chunk.span().start()), before.span().end());
            assertThat(fives(more) > overlap
                            || fives(text.substring(
                                            wordBefore(text, chunk.span().start()), nextEnd))
                                    > most)
                    .isTrue();
        }
    }

    @Provide
    Arbitrary<String> words() {
        return Arbitraries.strings()
                .alpha()
                .ofMinLength(1)
                .ofMaxLength(12)
                .list()
                .ofMaxSize(200)
                .map(words -> String.join(" ", words));
    }

    private static int wordBefore(String text, int position) {
        return text.lastIndexOf(' ', position - 2) + 1;
    }

    private static long fives(String text) {
        return (text.length() + 4) / 5;
    }

    @Property(tries = 2000)
    void everyWordOfAPageIsInAChunkWhateverTheMarkup(
            @ForAll("pages") String markup, @ForAll @IntRange(min = 16, max = 120) int size) {
        StringBuilder page = new StringBuilder();
        int words = 0;
        for (String piece : markup.split("(?=<)", -1)) {
            int closing = piece.indexOf('>');
            boolean insideTag = piece.startsWith("<div") || closing < 0;
            page.append(piece).append(insideTag ? "" : " w" + words++ + "w ");
        }
        Splitter splitter = StructureSplitter.create().maxSize(size).format(StructureSplitter.Format.HTML);
        List<Chunk> chunks = split(splitter, page.toString());
        for (int i = 0; i < words; i++) {
            String word = "w" + i + "w";
            assertThat(chunks)
                    .as("%s of %s", word, page)
                    .anyMatch(chunk -> chunk.text().contains(word));
        }
    }

    @Property
    void parentsAreTheChunksOfTheParentSplitterThatHaveChildren(@ForAll("texts") String text) {
        Splitter parents = StructureSplitter.create().maxSize(200).format(StructureSplitter.Format.MARKDOWN);
        Splitter both =
                ParentChildSplitter.of(parents, RecursiveSplitter.create().maxSize(40));

        assertThat(split(both, text).stream()
                        .map(Chunk::parent)
                        .filter(Objects::nonNull)
                        .distinct()
                        .map(Chunk.Parent::span))
                .isEqualTo(parents.split(document("d", text)).stream()
                        .map(Chunk::span)
                        .toList());
    }

    private static int line(String text, int offset) {
        return 1
                + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
    }

    private static boolean cutsPair(String text, int position) {
        return position > 0
                && position < text.length()
                && Character.isHighSurrogate(text.charAt(position - 1))
                && Character.isLowSurrogate(text.charAt(position));
    }
}
