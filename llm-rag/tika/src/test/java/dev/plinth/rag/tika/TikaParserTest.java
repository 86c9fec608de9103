package dev.plinth.rag.tika;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.Value;
import dev.plinth.rag.parse.Parsed;
import dev.plinth.rag.split.Splitter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TikaParserTest {
    private final TikaParser parser = TikaParser.create();

    private Parsed parse(String name, byte[] content) {
        return parser.parse(name, null, content);
    }

    private Parsed parse(String name, String content) {
        return parse(name, content.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void fingerprintNamesTheLibrarysVersion() {
        assertThat(parser.fingerprint()).matches("tika-1/Apache Tika \\d+\\.\\d+.*");
    }

    @Test
    void acceptsByTheEndingAndThenByTheMediaType() {
        assertThat(List.of("a.pdf", "b/C.DOCX", "x.doc", "x.ppt", "x.pptx", "x.xls", "x.xlsx", "x.odt", "x.html"))
                .allMatch(name -> parser.accepts(name, null));
        assertThat(List.of("x.htm", "x.eml", "x.msg", "x.rtf", "x.epub", "x.ods", "x.odp"))
                .allMatch(name -> parser.accepts(name, null));
        assertThat(List.of("a.zip", "pdf", "x.mdb", "x.png", "x.md")).noneMatch(name -> parser.accepts(name, null));
        assertThat(parser.accepts("page", "text/html; charset=utf-8")).isTrue();
        assertThat(parser.accepts("page.php", "Text/HTML")).isTrue();
        assertThat(parser.accepts("page", "image/png")).isFalse();
    }

    @Test
    void pdfHasPages() throws IOException {
        Parsed parsed = parse(
                "reports/2026.pdf",
                Samples.pdf(List.of("First page", "second line"), List.of(), List.of("Third page")));
        assertThat(parsed.text()).isEqualTo("First page\nsecond line\n\nThird page");
        assertThat(parsed.pages())
                .as("an empty page begins where the next one does")
                .containsExactly(0, 24, 24);
        assertThat(parsed.title()).isEqualTo("Annual report");
        assertThat(parsed.metadata().text("author")).contains("Ada Lovelace");
    }

    @Test
    void chunksOfAPdfKnowTheirPages() throws IOException {
        Parsed parsed = parse("x.pdf", Samples.pdf(List.of("alpha ".repeat(20)), List.of("beta"), List.of("gamma")));
        Document document = new Document(
                "x", parsed.title(), parsed.text(), "x.pdf", Readers.EVERYONE, parsed.metadata(), parsed.pages());
        List<Chunk> chunks = Splitter.standard().maxSize(60).split(document);
        for (Chunk chunk : chunks) {
            assertThat(page("alpha", chunk, 1) || page("beta", chunk, 2) || page("gamma", chunk, 3))
                    .as(chunk.text() + " " + chunk.span())
                    .isTrue();
        }
        assertThat(chunks)
                .anyMatch(
                        chunk -> chunk.text().contains("gamma") && chunk.span().endPage() == 3);
    }

    private static boolean page(String word, Chunk chunk, int page) {
        return chunk.text().contains(word)
                && chunk.span().startPage() <= page
                && chunk.span().endPage() >= page;
    }

    @Test
    void pdfWithoutAnythingToReadIsEmpty() throws IOException {
        Parsed parsed = parse("scan.pdf", Samples.pdf(List.of(), List.of()));
        assertThat(parsed.text()).isEmpty();
        assertThat(parsed.pages()).containsExactly(0, 0);
    }

    @Test
    void wordKeepsHeadingsAndTables() throws IOException {
        Parsed parsed = parse("x.docx", Samples.docx());
        assertThat(parsed.text()).isEqualTo("""
                        # Prices

                        What it costs, in euros.

                        | Size | Price |
                        | --- | --- |
                        | small \\| flat | 4.20 |

                        After the table.""");
        assertThat(parsed.title()).isEqualTo("Price list");
        assertThat(parsed.metadata().text("author")).contains("Grace Hopper");
        assertThat(parsed.metadata().get(Document.MODIFIED)).containsInstanceOf(Value.Whole.class);
        assertThat(parsed.metadata().text(Document.MEDIA_TYPE)).contains("text/markdown");
    }

    @Test
    void sheetsAreTables() throws IOException {
        String table = "# Stock\n\n| Part | Count |\n| --- | --- |\n| bolt | 42 |";
        assertThat(parse("x.xls", Samples.xls()).text()).isEqualTo(table);
        assertThat(parse("x.xlsx", Samples.xlsx()).text()).isEqualTo(table);
        assertThat(parse("x.xlsx", Samples.xlsx()).pages()).isEmpty();
    }

    @Test
    void slidesArePages() throws IOException {
        for (Parsed parsed : List.of(parse("x.ppt", Samples.ppt()), parse("x.pptx", Samples.pptx()))) {
            assertThat(parsed.text()).isEqualTo("First slide words\n\nSecond slide words");
            assertThat(parsed.pages()).containsExactly(0, 19);
        }
    }

    @Test
    void openDocumentKeepsHeadingsListsAndTables() throws IOException {
        String content = "<text:h text:outline-level=\"2\">Head</text:h><text:p>Words &amp; more</text:p>"
                + "<text:list><text:list-item><text:p>one</text:p></text:list-item>"
                + "<text:list-item><text:p>two</text:p></text:list-item></text:list>"
                + "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
                + "<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>";
        assertThat(parse("x.odt", Samples.odt(content)).text())
                .isEqualTo("## Head\n\nWords & more\n\n- one\n- two\n\n| a | b |\n| --- | --- |");
    }

    @Test
    void epubFollowsItsSpine() throws IOException {
        Parsed parsed = parse("x.epub", Samples.epub());
        assertThat(parsed.text()).isEqualTo("# First chapter\n\nOnce upon a time.\n\n# Second chapter\n\nThe end.");
        assertThat(parsed.title()).isEqualTo("A small book");
    }

    @Test
    void htmlBecomesMarkdown() {
        Parsed parsed = parse("x.html", """
                <html><head><title>Page  title</title><meta charset="utf-8"><style>p {}</style></head>
                <body><script>bad()</script><h1>One <small>1</small></h1><p>Gr\u00fc\u00dfe <b>bold</b>
                  and <a href='x'>link</a>.</p>
                <ul><li>a<ul><li>b</li></ul></li><li><p>c</p></li></ul><ol><li>x<li>y</ol>
                <table><caption>Sums</caption><tr><th>H1</th><th>H2</th></tr><tr><td>1</td><td>2<br>3</td></tr>
                <tr></tr><tr><td><table><tr><td>in</td><td>side</td></tr></table></td><td></td></tr></table>
                <table><tr><td>framed</td></tr></table>
                <pre>code
                  more</pre><h2></h2></body></html>""");
        assertThat(parsed.title()).isEqualTo("Page title");
        assertThat(parsed.text()).isEqualTo("""
                        # One 1

                        Gr\u00fc\u00dfe bold
                        and link.

                        - a
                          - b
                        - c
                        1. x
                        2. y

                        Sums

                        | H1 | H2 |
                        | --- | --- |
                        | 1 | 2 3 |
                        | in side |  |

                        framed

                        ```
                        code
                          more
                        ```""");
    }

    @Test
    void htmlIsReadInTheCharsetThatIsSaidOfIt() {
        byte[] latin = "<p>Gr\u00fc\u00dfe an alle</p>".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(parser.parse("x", "text/html; charset=iso-8859-1", latin).text())
                .isEqualTo("Gr\u00fc\u00dfe an alle");
    }

    @Test
    void rtfIsRead() {
        String rtf = "{\\rtf1\\ansi\\deff0\\pard Some {\\b bold} words\\par second paragraph \\u252?\\par}";
        assertThat(parse("x.rtf", rtf).text()).isEqualTo("Some bold words\n\nsecond paragraph \u00fc");
    }

    @Test
    void mailIsReadWithItsAttachments() {
        Parsed parsed = parse(
                "x.eml",
                String.join(
                        "\r\n",
                        "From: Ada <ada@example.org>",
                        "To: Bob <bob@example.org>",
                        "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=",
                        "Date: Mon, 2 Mar 2026 10:00:00 +0000",
                        "MIME-Version: 1.0",
                        "Content-Type: multipart/mixed; boundary=xx",
                        "",
                        "--xx",
                        "Content-Type: text/plain; charset=utf-8",
                        "",
                        "At noon?",
                        "--xx",
                        "Content-Type: text/html; name=menu.html",
                        "Content-Disposition: attachment; filename=menu.html",
                        "",
                        "<h1>Menu</h1><p>Soup</p>",
                        "--xx",
                        "Content-Type: application/pdf; name=broken.pdf",
                        "Content-Disposition: attachment; filename=broken.pdf",
                        "",
                        "%PDF-1.4 broken",
                        "--xx--",
                        ""));
        assertThat(parsed.title()).isEqualTo("Gr\u00fc\u00dfe");
        assertThat(parsed.text()).isEqualTo("At noon?\n\n# Menu\n\nSoup");
        assertThat(parsed.metadata().text("author")).contains("Ada <ada@example.org>");
        assertThat(parsed.metadata().get(Document.MODIFIED))
                .contains(Value.of(Instant.parse("2026-03-02T10:00:00Z").toEpochMilli()));
        assertThat(parsed.metadata().get("unread")).contains(Value.of(Set.of("broken.pdf")));
    }

    @Test
    void refusesWhatItCannotRead() throws IOException {
        assertThatThrownBy(() -> parse("x.pdf", Samples.encryptedPdf()))
                .isInstanceOf(StoreException.class)
                .hasMessage("file: x.pdf is encrypted (expected: to be read without a password)");
        assertThatThrownBy(() -> parse("x.docx", Samples.encryptedDocx()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is encrypted");
        assertThatThrownBy(() -> parse("x.pdf", "%PDF-1.4 nothing"))
                .isInstanceOf(StoreException.class)
                .hasMessage("file: x.pdf cannot be read (expected: a sound file of the kind PDF)");
        byte[] whole = Samples.docx();
        assertThatThrownBy(() -> parse("x.docx", Arrays.copyOf(whole, whole.length / 2)))
                .isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> parse("x.pdf", "just words"))
                .isInstanceOf(StoreException.class)
                .hasMessage("file: x.pdf is text/plain (expected: PDF)");
        assertThatThrownBy(() -> parse("x.md", "# text"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("of no kind");
        assertThatThrownBy(() -> parse("x.pdf", new byte[0])).isInstanceOf(StoreException.class);
    }

    @Test
    void refusesWhatIsTooLarge() {
        assertThatThrownBy(() -> parser.maxBytes(10).parse("x.html", null, new byte[11]))
                .isInstanceOf(StoreException.class)
                .hasMessage("file: x.html has 11 bytes (expected: at most 10)");
        assertThat(parser.maxCharacters(5)
                        .parse("x.html", null, "<p>12345".getBytes(StandardCharsets.UTF_8))
                        .text())
                .isEqualTo("12345");
        assertThatThrownBy(() ->
                        parser.maxCharacters(5).parse("x.html", null, "<p>123456".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(StoreException.class)
                .hasMessage("file: x.html holds more than 5 characters of text (expected: at most that)");
        String table = "<table>" + "<tr><td>1</td><td>2</td></tr>".repeat(10) + "</table>";
        assertThatThrownBy(() -> parser.maxCharacters(50).parse("x.html", null, table.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("more than 50 characters");
    }
}
