package dev.plinth.rag.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import java.util.List;
import org.junit.jupiter.api.Test;

class StructureSplitterTest {
    private static List<Chunk> split(Splitter splitter, String text) {
        return splitter.split(
                new Document("guide.md", "", text, "docs/guide.md", Readers.EVERYONE, Metadata.NONE.with("team", "a")));
    }

    @Test
    void mediaTypeGoesBeforeTheName() {
        Metadata markdown = Metadata.NONE.with(Document.MEDIA_TYPE, "text/markdown");
        Document page = new Document("a/page.html", "", "# One\n\nText.\n", "", Readers.EVERYONE, markdown);
        assertThat(StructureSplitter.create().split(page).get(0).headings()).containsExactly("One");

        Metadata html = Metadata.NONE.with(Document.MEDIA_TYPE, "text/html");
        Document answer = new Document("17", "", "<h1>One</h1><p>Text.</p>", "", Readers.EVERYONE, html);
        assertThat(StructureSplitter.create().split(answer).get(0).headings()).containsExactly("One");
    }

    @Test
    void cutsAtHeadingsAndKeepsTheirPath() {
        List<Chunk> chunks = split(
                Splitter.standard(),
                "# Guide\n\nIntro.\n\n## Setup ##\n\nInstall it.\n\n### Linux\nUse apt.\n\nUsage\n-----\nRun it.\n");

        assertThat(chunks)
                .extracting(Chunk::text)
                .containsExactly(
                        "# Guide\n\nIntro.",
                        "## Setup ##\n\nInstall it.",
                        "### Linux\nUse apt.",
                        "Usage\n-----\nRun it.");
        assertThat(chunks)
                .extracting(Chunk::headings)
                .containsExactly(
                        List.of("Guide"),
                        List.of("Guide", "Setup"),
                        List.of("Guide", "Setup", "Linux"),
                        List.of("Guide", "Usage"));
        assertThat(chunks.get(2).span().startLine()).isEqualTo(9);
        assertThat(chunks.get(2).span().endLine()).isEqualTo(10);
        assertThat(chunks.get(3).id()).isEqualTo("guide.md#4");
        assertThat(chunks.get(3).metadata().text("team")).contains("a");
    }

    @Test
    void aHeadingWithoutTextGoesWithTheNextOne() {
        assertThat(split(Splitter.standard(), "# A\n## B\ntext\n# C\n"))
                .extracting(Chunk::text)
                .containsExactly("# A\n## B\ntext", "# C");
    }

    @Test
    void aHeadingIsNotAloneWhereASentenceFitsBelowIt() {
        assertThat(split(Splitter.standard().maxSize(40), "# Setup\n\nInstall it first. Then reboot the machine."))
                .extracting(Chunk::text)
                .containsExactly("# Setup\n\nInstall it first.", "Then reboot the machine.");
    }

    @Test
    void keepsFencesAndTablesWholeWhenTheyFit() {
        String fence = "```java\n# no heading\n\nint a = 1;\n```";
        String table = "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |";
        List<Chunk> chunks = split(
                Splitter.standard().maxSize(60), "Some words before the code are here.\n\n" + fence + "\n\n" + table);

        assertThat(chunks)
                .extracting(Chunk::text)
                .containsExactly("Some words before the code are here.", fence, table);
    }

    @Test
    void cutsATableThatDoesNotFitBetweenItsRows() {
        String row = "| some cell | another cell |\n";
        List<Chunk> chunks = split(Splitter.standard().maxSize(100), row + "|---|---|\n" + row.repeat(10));

        assertThat(chunks).hasSizeGreaterThan(2).allSatisfy(chunk -> {
            assertThat(chunk.text()).startsWith("|").endsWith("|");
            assertThat(chunk.text().length()).isLessThanOrEqualTo(100);
        });
    }

    @Test
    void anOpenFenceRunsToTheEnd() {
        assertThat(split(Splitter.standard(), "~~~\n# x\n```\n# y")).hasSize(1);
    }

    @Test
    void keepsListItemsAndSentencesTogether() {
        List<Chunk> items =
                split(Splitter.standard().maxSize(40), "- first item of it\n  goes on\n- second item\n- third one\n");
        assertThat(items)
                .extracting(Chunk::text)
                .containsExactly("- first item of it\n  goes on", "- second item\n- third one");

        List<Chunk> sentences =
                split(Splitter.standard().maxSize(40), "The first sentence is here. A second one. And a third one.");
        assertThat(sentences)
                .extracting(Chunk::text)
                .containsExactly("The first sentence is here.", "A second one. And a third one.");
    }

    @Test
    void repeatsExactlyTheOverlap() {
        String text = "word ".repeat(200).trim();
        List<Chunk> chunks = split(Splitter.standard().maxSize(100).overlap(20), text);

        assertThat(chunks).hasSizeGreaterThan(5);
        for (int i = 1; i < chunks.size(); i++) {
            Chunk before = chunks.get(i - 1);
            Chunk chunk = chunks.get(i);
            assertThat(before.span().end() - chunk.span().start()).isEqualTo(20);
            assertThat(chunk.text())
                    .startsWith(before.text().substring(before.text().length() - 20));
        }
    }

    @Test
    void readsFrontMatterAsOnePartAndHorizontalRulesAsText() {
        List<Chunk> chunks = split(Splitter.standard(), "---\ntitle: x\n---\n# A\n\ntext\n\n---\n\nmore\n");
        assertThat(chunks).extracting(Chunk::text).containsExactly("---\ntitle: x\n---", "# A\n\ntext\n\n---\n\nmore");
    }

    @Test
    void plainTextHasNoHeadingsButItsTitle() {
        List<Chunk> chunks = Splitter.standard()
                .split(new Document(
                        "a.txt", "Notes", "# not a heading\n\nb", "a.txt", Readers.EVERYONE, Metadata.NONE));
        assertThat(chunks)
                .singleElement()
                .satisfies(chunk -> assertThat(chunk.headings()).containsExactly("Notes"));
    }

    @Test
    void aBlankDocumentHasNoChunks() {
        assertThat(split(Splitter.standard(), "")).isEmpty();
        assertThat(split(Splitter.standard(), " \n\n\t")).isEmpty();
    }

    @Test
    void refusesSizesThatCannotWork() {
        assertThatThrownBy(() -> Splitter.standard().maxSize(15)).hasMessage("maxSize: 15 (expected: >= 16)");
        assertThatThrownBy(() -> Splitter.standard().maxSize(100).overlap(51))
                .hasMessage("overlap: 51 (expected: 0 to 50)");
    }
}
