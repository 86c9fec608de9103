package dev.plinth.rag.split;

import static dev.plinth.rag.split.Documents.split;
import static dev.plinth.rag.split.Documents.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.rag.WordVectors;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Splitters that do not go by structure. */
class OtherSplittersTest {
    private static final Splitter WORDS_AS_TOKENS = TokenSplitter.by("words", text -> text.split(" ").length)
            .maxTokens(8)
            .overlap(2);

    @Test
    void recursionGoesToTheNextSeparatorOnlyWhereItMust() {
        String text = "Short one.\n\nA paragraph of two lines, here is the first\nand here the second. End.\n\nLast";
        assertThat(texts(RecursiveSplitter.create().maxSize(50), text))
                .containsExactly(
                        "Short one.",
                        "A paragraph of two lines, here is the first",
                        "and here the second. End.\n\nLast");
        assertThat(texts(RecursiveSplitter.create().maxSize(16).separators(List.of(",")), "first part,second part"))
                .containsExactly("first part,", "second part");
    }

    @Test
    void sentencesStayWholeAndAreCounted() {
        String text = "One is here. Two is here! Is three here? Four.";
        assertThat(texts(SentenceSplitter.create().maxSentences(2), text))
                .containsExactly("One is here. Two is here!", "Is three here? Four.");
        assertThat(texts(SentenceSplitter.create().maxSentences(3).overlap(2), text))
                .containsExactly("One is here. Two is here! Is three here?", "Two is here! Is three here? Four.");
        assertThat(texts(SentenceSplitter.create().maxSize(16), text))
                .containsExactly("One is here.", "Two is here!", "Is three here?", "Four.");
    }

    @Test
    void tokensAreCountedOnTheWholeTextOfAChunk() {
        assertThat(texts(WORDS_AS_TOKENS, "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15"))
                .containsExactly("1 2 3 4 5 6 7 8", "7 8 9 10 11 12 13 14", "13 14 15");
        assertThat(texts(
                        TokenSplitter.by("characters", String::length).maxTokens(8),
                        "\u6771\u4EAC\u3067\u3059 longerthaneight"))
                .containsExactly("\u6771\u4EAC\u3067\u3059", "longerth", "aneight");
    }

    @Test
    void aCharacterThatHasTooManyTokensIsRefused() {
        assertThatThrownBy(() -> split(TokenSplitter.by("strange", text -> 1000L), "word"))
                .hasMessage("maxTokens: 250 (expected: no less than a single character of the text has)");
    }

    @Test
    void meaningDecidesWhereToCut() {
        String cats = "The cat purrs softly. A cat and a kitten purr. Kitten and cat sleep. ";
        String money = "The bank lends money. Money in the bank earns interest. Interest on money is paid.";
        SemanticSplitter splitter =
                SemanticSplitter.by(new WordVectors()).minSize(20).neighbours(0).percentile(75);

        assertThat(texts(splitter, cats + money)).containsExactly(cats.strip(), money);
        assertThat(texts(splitter.maxSize(60), cats + money))
                .hasSizeGreaterThan(2)
                .allSatisfy(text -> assertThat(text).hasSizeLessThanOrEqualTo(60));
        assertThat(texts(splitter, "One sentence only.")).containsExactly("One sentence only.");
    }

    @Test
    void meaningIsAskedForInBatchesAndFailsAsTheModelDoes() {
        WordVectors model = new WordVectors();
        split(SemanticSplitter.by(model), "Some words are here. ".repeat(130));
        assertThat(model.embedded()).isEqualTo(130);
        assertThat(model.requests()).isEqualTo(3);
        split(SemanticSplitter.by(model), "  ");
        assertThat(model.requests()).isEqualTo(3);

        model.failOn("poison");
        assertThatThrownBy(() -> split(SemanticSplitter.by(model), "Good words. The poison."))
                .isInstanceOf(OverloadedException.class);
    }

    @Test
    void aChildKnowsItsParentAndStandsUnderItsHeadings() {
        String text =
                "# Guide\n\nIntro words.\n\n## Setup\n\nInstall it first.\n\n### Linux\n\nThen use apt. Then reboot.\n";
        Document document = new Document(
                "guide.md",
                "",
                text,
                "docs/guide.md",
                Readers.of("a"),
                Metadata.NONE.with("team", "x"),
                List.of(0, 30));
        List<Chunk> chunks = ParentChildSplitter.of(
                        RecursiveSplitter.create().maxSize(60),
                        StructureSplitter.create().maxSize(30))
                .split(document);

        assertThat(chunks)
                .extracting(Chunk::text)
                .containsExactly(
                        "# Guide\n\nIntro words.",
                        "## Setup\n\nInstall it first.",
                        "### Linux\n\nThen use apt.",
                        "Then reboot.");
        assertThat(chunks)
                .extracting(Chunk::headings)
                .containsExactly(List.of("Guide"), List.of("Guide", "Setup"), List.of("Linux"), List.of("Linux"));
        assertThat(chunks)
                .extracting(Chunk::id)
                .containsExactly("guide.md#1", "guide.md#2", "guide.md#3", "guide.md#4");
        assertThat(chunks.get(1).parent()).isEqualTo(chunks.get(0).parent());
        assertThat(chunks.get(3).span().startLine()).isEqualTo(11);
        assertThat(chunks.get(3).span().startPage()).isEqualTo(2);
        assertThat(Readers.in(chunks.get(3).metadata())).isEqualTo(Readers.of("a"));
        assertThat(chunks.get(3).metadata().text("team")).contains("x");
    }

    @Test
    void aParentsOwnHeadingIsNotRepeated() {
        String text = "# Guide\n\n## Setup\n\n" + "Install it first. ".repeat(5);
        assertThat(ParentChildSplitter.create().split(Documents.document("a.md", text)))
                .singleElement()
                .satisfies(chunk -> assertThat(chunk.headings()).containsExactly("Guide", "Setup"));
    }

    @Test
    void everySettingIsInTheFingerprint() {
        SemanticSplitter semantic = SemanticSplitter.by(new WordVectors());
        List<Splitter> all = List.of(
                StructureSplitter.create(),
                StructureSplitter.create().maxSize(500),
                StructureSplitter.create().overlap(10),
                StructureSplitter.create().format(StructureSplitter.Format.HTML),
                RecursiveSplitter.create(),
                RecursiveSplitter.create().maxSize(500),
                RecursiveSplitter.create().overlap(10),
                RecursiveSplitter.create().separators(List.of(" ")),
                SentenceSplitter.create(),
                SentenceSplitter.create().maxSize(500),
                SentenceSplitter.create().maxSentences(5),
                SentenceSplitter.create().overlap(1),
                WORDS_AS_TOKENS,
                TokenSplitter.by("words", String::length),
                TokenSplitter.by("characters", String::length),
                TokenSplitter.by("words", String::length).overlap(2),
                semantic,
                SemanticSplitter.by(new WordVectors("other")),
                semantic.maxSize(500),
                semantic.minSize(100),
                semantic.percentile(90),
                semantic.neighbours(2),
                ParentChildSplitter.create(),
                ParentChildSplitter.of(StructureSplitter.create(), SentenceSplitter.create()));
        assertThat(all).extracting(Splitter::fingerprint).doesNotHaveDuplicates();
    }

    @Test
    void refusesSettingsThatCannotWork() {
        assertThatThrownBy(() -> RecursiveSplitter.create().maxSize(15)).hasMessage("maxSize: 15 (expected: >= 16)");
        assertThatThrownBy(() -> RecursiveSplitter.create().separators(List.of("a", "")))
                .hasMessageContaining("none empty");
        assertThatThrownBy(() -> SentenceSplitter.create().overlap(2).maxSentences(2))
                .hasMessage("maxSentences: 2 (expected: > 2, the overlap)");
        assertThatThrownBy(() -> SentenceSplitter.create().overlap(-1)).hasMessageStartingWith("overlap: -1");
        assertThatThrownBy(() -> TokenSplitter.by(" ", String::length)).hasMessageStartingWith("tokenizer:");
        assertThatThrownBy(() -> TokenSplitter.by("a", String::length).maxTokens(7))
                .hasMessage("maxTokens: 7 (expected: >= 8)");
        assertThatThrownBy(() -> TokenSplitter.by("a", String::length).overlap(126))
                .hasMessage("overlap: 126 (expected: 0 to 125)");
        assertThatThrownBy(() -> SemanticSplitter.by(new WordVectors()).percentile(101))
                .hasMessageStartingWith("percentile:");
        assertThatThrownBy(() -> SemanticSplitter.by(new WordVectors()).minSize(501))
                .hasMessage("minSize: 501 (expected: 0 to 500)");
        assertThatThrownBy(() -> SemanticSplitter.by(new WordVectors()).maxSize(399))
                .hasMessage("maxSize: 399 (expected: >= 400, twice the least size)");
        assertThatThrownBy(() -> SemanticSplitter.by(new WordVectors()).neighbours(11))
                .hasMessage("neighbours: 11 (expected: 0 to 10)");
    }
}
