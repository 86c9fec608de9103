package dev.plinth.rag.split;

import static dev.plinth.rag.split.Documents.document;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Chunk;
import java.util.List;
import org.junit.jupiter.api.Test;

class HtmlStructureTest {
    private static List<Chunk> split(int size, String html) {
        return StructureSplitter.create().maxSize(size).split(document("page.html", html));
    }

    private static List<String> texts(int size, String html) {
        return split(size, html).stream().map(Chunk::text).toList();
    }

    @Test
    void headingsGiveThePathAndStartAChunk() {
        List<Chunk> chunks = split(1000, """
                <!DOCTYPE html>
                <html><body><main>
                <h1 class="a>b">Guide &amp; <em>more</em></h1>
                <p>Intro.</p>
                <h2>Set<br>up</h2>
                <p>Install it.
                <h3>Linux</h3><p>Use apt.</p>
                <h2>Usage</h2>
                <p>Run it.</p>
                </main></body></html>
                """);

        assertThat(chunks)
                .extracting(Chunk::headings)
                .containsExactly(
                        List.of("Guide & more"),
                        List.of("Guide & more", "Set up"),
                        List.of("Guide & more", "Set up", "Linux"),
                        List.of("Guide & more", "Usage"));
        assertThat(chunks.get(1).text()).isEqualTo("<h2>Set<br>up</h2>\n<p>Install it.");
        assertThat(chunks.get(3).text()).startsWith("<h2>Usage</h2>").endsWith("<p>Run it.</p>\n</main></body></html>");
    }

    @Test
    void aChunkNeverGoesOverAScriptOrAStyle() {
        assertThat(texts(
                        1000,
                        "<p>One</p><script>if (a < b) { \"<p>no</p>\" }</script><p>Two</p>"
                                + "<STYLE>p { }</STYLE >Three<template><p>no</p></template>"))
                .containsExactly("<p>One</p>", "<p>Two</p>", "Three");
    }

    @Test
    void leavesOutWhatHasNoText() {
        assertThat(texts(1000, "<div><div></div></div><!-- <p>no</p> --><p>One</p><!-- no --><div> </div>"))
                .containsExactly("<p>One</p>");
    }

    @Test
    void keepsATableWholeIfItFitsElseItsRows() {
        String row = "<tr><td>cell of a row</td><td>another</td></tr>";
        String table = "<table>" + row.repeat(4) + "</table>";
        String page = "<p>Before.</p>" + table + "<p>After.</p>";

        assertThat(texts(table.length(), page)).containsExactly("<p>Before.</p>", table, "<p>After.</p>");
        assertThat(texts(60, page))
                .containsExactly("<p>Before.</p>", "<table>" + row, row, row, row + "</table>", "<p>After.</p>");
    }

    @Test
    void aTableInATableIsPartOfItsRow() {
        String inner = "<table><tr><td>inner</td></tr></table>";
        String outer = "<table><tr><td>outer " + inner + "</td></tr></table>";
        assertThat(texts(outer.length(), outer + "<p>" + "word ".repeat(10) + "</p>")
                        .get(0))
                .isEqualTo(outer);
    }

    @Test
    void keepsPreformattedTextWholeIfItFits() {
        String pre = "<pre>int a;\n\n  int b;</pre>";
        assertThat(texts(40, "<p>Words before the code.</p>" + pre))
                .containsExactly("<p>Words before the code.</p>", pre);
    }

    @Test
    void listItemsStayWhole() {
        assertThat(texts(40, "<ul><li>the first one</li><li>the second</li><li>third</li></ul>"))
                .containsExactly("<ul><li>the first one</li>", "<li>the second</li><li>third</li></ul>");
    }

    @Test
    void readsBrokenMarkup() {
        assertThat(texts(1000, "a < b && c > d <")).containsExactly("a < b && c > d <");
        assertThat(texts(1000, "<p title=\"open>text</p>")).containsExactly("<p title=\"open>text</p>");
        assertThat(texts(1000, "text <a href=x")).containsExactly("text <a href=x");
        assertThat(texts(1000, "</p></div>text<table><tr>never closed")).containsExactly("text<table><tr>never closed");
        assertThat(texts(1000, "<!-- never closed <p>no</p>")).isEmpty();
        assertThat(texts(1000, "<script>never closed")).isEmpty();
    }

    @Test
    void readsReferencesInHeadings() {
        assertThat(split(1000, "<h1>&#65;&#x1F600;&nbsp;&unknown;&#xFFFFFF; &lt;b&gt;</h1>"))
                .singleElement()
                .satisfies(
                        chunk -> assertThat(chunk.headings()).containsExactly("A\uD83D\uDE00 &unknown;&#xFFFFFF; <b>"));
    }

    @Test
    void aLongBrokenPageIsReadInOneGo() {
        assertThat(split(1000, "<a href=\"".repeat(100_000) + ">")).isEmpty();
        assertThat(split(1000, "<a ".repeat(100_000))).isNotEmpty();
        assertThat(split(1000, "<div>".repeat(100_000) + "deep")).isNotEmpty();
        assertThat(split(1000, "<table><tr><td>".repeat(50_000) + "deep")).isNotEmpty();
    }
}
