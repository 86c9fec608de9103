package dev.plinth.rag.tika;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.testkit.StubServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files that want more than to be read. */
class HostileFilesTest {
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));
    private static final String PARAGRAPH = "<office:document-content"
            + " xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\""
            + " xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:text>"
            + "<text:p>before %s after</text:p></office:text></office:body></office:document-content>";

    private final TikaParser parser = TikaParser.create();

    @BeforeEach
    void createTemporary() throws IOException {
        Files.createDirectories(TEMPORARY);
    }

    /** The text, or why there is none. */
    private String outcome(String name, byte[] content) {
        try {
            return parser.parse(name, null, content).text();
        } catch (StoreException refused) {
            return refused.getMessage();
        }
    }

    @Test
    void bombsDoNotGoOff() throws IOException {
        String much = "a".repeat(5_000_000);
        assertThatThrownBy(() -> parser.parse("x.odt", null, Samples.odt("<text:p>" + much + "</text:p>")))
                .isInstanceOf(StoreException.class)
                .hasMessage("file: x.odt unpacks to far more than it should (expected: an ordinary file)");
        assertThatThrownBy(() -> parser.parse("x.docx", null, Samples.docxWith("<w:p><w:r><w:t>" + much)))
                .isInstanceOf(StoreException.class)
                .hasMessage("file: x.docx unpacks to far more than it should (expected: an ordinary file)");
    }

    /** In a virtual machine of its own, with little memory. */
    @Test
    void whatDoesNotFitIntoMemoryIsRefused() throws Exception {
        Path file = Files.writeString(TEMPORARY.resolve("large.html"), "<p>words".repeat(4_000_000));
        try {
            Process small = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            SmallMemory.class.getName(),
                            file.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(small.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said)
                    .contains("refused: file: large.html needs more memory than there is (expected: a smaller file)");
            assertThat(small.waitFor()).isZero();
        } finally {
            Files.delete(file);
        }
    }

    /** Parses the file that it is given, and says how that went. */
    static final class SmallMemory {
        private SmallMemory() {}

        public static void main(String[] arguments) throws IOException {
            Path file = Path.of(arguments[0]);
            try {
                TikaParser.create().parse(file.getFileName().toString(), null, Files.readAllBytes(file));
                System.out.println("read");
            } catch (StoreException refused) {
                System.out.println("refused: " + refused.getMessage());
            }
        }
    }

    @Test
    void metadataThatMayUnpackToMoreThanFitsAreLeftOut() throws IOException {
        byte[] small = Samples.pdfWithXmp("A title", 100);
        byte[] large = Samples.pdfWithXmp("A title", 100_000);
        assertThat(parser.parse("x.pdf", null, small).title()).isEqualTo("A title");
        assertThat(parser.parse("x.pdf", null, large).title()).isEqualTo("x");
        assertThat(parser.parse("x.pdf", null, large).text()).contains("words");
    }

    @Test
    void interruptionEndsTheReading() throws IOException {
        byte[] pdf = Samples.pdf(List.of("words"));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> parser.parse("x.pdf", null, pdf)).isInstanceOf(CancelledException.class);
        assertThat(Thread.interrupted()).as("still set").isTrue();
    }

    @Test
    void entitiesThatMultiplyAreNotFollowed() throws IOException {
        StringBuilder laughs = new StringBuilder("<!DOCTYPE x [<!ENTITY a0 \"ha\">");
        for (int i = 1; i < 30; i++) {
            laughs.append("<!ENTITY a%d \"&a%d;&a%d;\">".formatted(i, i - 1, i - 1));
        }
        String text = outcome("x.odt", Samples.odt(laughs.append("]>").toString(), PARAGRAPH.formatted("&a29;")));
        assertThat(text).hasSizeLessThan(1_000).doesNotContain("haha");
    }

    @Test
    void nothingOutsideTheFileIsRead() throws Exception {
        Path secret = Files.writeString(TEMPORARY.resolve("secret.txt"), "s3cret");
        try (StubServer server = StubServer.start()) {
            for (String place :
                    List.of(secret.toUri().toString(), server.url("/x").toString())) {
                String entity = "<!DOCTYPE x [<!ENTITY e SYSTEM \"" + place + "\">]>";
                List<String> outcomes = new ArrayList<>();
                outcomes.add(outcome("x.odt", Samples.odt(entity, PARAGRAPH.formatted("&e;"))));
                outcomes.add(outcome(
                        "x.odt", Samples.odt("<!DOCTYPE x SYSTEM \"" + place + "\">", PARAGRAPH.formatted(""))));
                outcomes.add(outcome("x.docx", Samples.docxWith(entity, "<w:p><w:r><w:t>&e;</w:t></w:r></w:p>")));
                outcomes.add(outcome(
                        "x.html",
                        (entity + "<html><body><p>&e;</p><img src=\"" + place + "\"><iframe src=\"" + place
                                        + "\"></iframe><object data=\"" + place + "\"></object></body></html>")
                                .getBytes(StandardCharsets.UTF_8)));
                assertThat(outcomes).noneMatch(text -> text.contains("s3cret"));
                assertThat(outcomes.get(1))
                        .as("read, without what it points to")
                        .startsWith("before");
            }
            assertThat(server.connections()).isZero();
        } finally {
            Files.delete(secret);
        }
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("x.pdf", Samples.pdf(List.of("words")));
        files.put("encrypted.pdf", Samples.encryptedPdf());
        files.put("x.docx", Samples.docx());
        files.put("encrypted.docx", Samples.encryptedDocx());
        files.put("x.xls", Samples.xls());
        files.put("x.xlsx", Samples.xlsx());
        files.put("x.ppt", Samples.ppt());
        files.put("x.pptx", Samples.pptx());
        files.put("x.odt", Samples.odt("<text:p>words</text:p>"));
        files.put("x.epub", Samples.epub());
        files.put("broken.docx", "PK\u0003\u0004 broken".getBytes(StandardCharsets.UTF_8));
        List<Path> before = temporary();
        files.forEach(this::outcome);
        assertThat(temporary()).isEqualTo(before);
    }

    private static List<Path> temporary() throws IOException {
        try (Stream<Path> files = Files.walk(TEMPORARY)) {
            return files.sorted().toList();
        }
    }
}
