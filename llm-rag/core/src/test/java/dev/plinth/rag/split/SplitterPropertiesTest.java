package dev.plinth.rag.split;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Laws that hold for any text and any setting. */
class SplitterPropertiesTest {
    @Provide
    Arbitrary<String> documents() {
        Arbitrary<String> part = Arbitraries.of(
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
                "   ",
                "\r\n",
                "\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00",
                "averyveryverylongwordwithoutanyspace",
                "\uD83D",
                "\t",
                "---\n");
        Arbitrary<String> mixed = part.list().ofMaxSize(60).map(parts -> String.join("", parts));
        return Arbitraries.oneOf(mixed, Arbitraries.strings().ofMaxLength(300));
    }

    private static List<Chunk> split(String text, int size, int overlap, StructureSplitter.Format format) {
        return Splitter.standard()
                .maxSize(size)
                .overlap(overlap)
                .format(format)
                .split(new Document("d", "", text, "d", Readers.EVERYONE, Metadata.NONE));
    }

    @Property(tries = 2000)
    void offsetsAreExactNothingIsLostAndNothingIsTooLong(
            @ForAll("documents") String text,
            @ForAll @IntRange(min = 16, max = 120) int size,
            @ForAll @IntRange(max = 8) int overlap,
            @ForAll StructureSplitter.Format format) {
        List<Chunk> chunks = split(text, size, overlap, format);

        boolean[] covered = new boolean[text.length()];
        int before = -1;
        for (Chunk chunk : chunks) {
            Chunk.Span span = chunk.span();
            assertThat(text.substring(span.start(), span.end())).isEqualTo(chunk.text());
            assertThat(chunk.text().length()).isLessThanOrEqualTo(size);
            assertThat(span.end()).isGreaterThan(before);
            assertThat(span.startLine()).isEqualTo(line(text, span.start()));
            assertThat(span.endLine()).isEqualTo(line(text, span.end() - 1));
            assertThat(cutsPair(text, span.start()) || cutsPair(text, span.end()))
                    .isFalse();
            before = span.end();
            Arrays.fill(covered, span.start(), span.end(), true);
        }
        for (int i = 0; i < text.length(); i++) {
            assertThat(covered[i] || Character.isWhitespace(text.charAt(i)))
                    .as("character %d of %s", i, text)
                    .isTrue();
        }
    }

    @Property
    void overlapOfPlainTextIsExact(
            @ForAll @IntRange(min = 1, max = 400) int words,
            @ForAll @IntRange(min = 40, max = 120) int size,
            @ForAll @IntRange(max = 20) int overlap) {
        String text = "some words. ".repeat(words).trim();
        List<Chunk> chunks = split(text, size, overlap, StructureSplitter.Format.PLAIN);
        for (int i = 1; i < chunks.size(); i++) {
            int shared = chunks.get(i - 1).span().end() - chunks.get(i).span().start();
            assertThat(overlap == 0 ? Math.max(0, shared) : shared).isEqualTo(overlap);
        }
    }

    @Property
    void theSameTextGivesTheSameChunks(@ForAll("documents") String text) {
        assertThat(split(text, 50, 5, StructureSplitter.Format.MARKDOWN))
                .isEqualTo(split(text, 50, 5, StructureSplitter.Format.MARKDOWN));
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
