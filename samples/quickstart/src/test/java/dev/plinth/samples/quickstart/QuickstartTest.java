package dev.plinth.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinth.servers.OtlpReceiver;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees. */
class QuickstartTest {

    @TempDir
    Path folder;

    private Path docs;
    private int exit;

    @BeforeEach
    void writeDocuments() throws IOException {
        docs = Files.createDirectories(folder.resolve("docs"));
        Files.writeString(
                docs.resolve("shipping.md"),
                "# Shipping\n\nWe do not ship to PO boxes.\n\nParcels leave on Mondays.\n");
        Files.write(docs.resolve("broken.md"), new byte[] {(byte) 0xC3, (byte) 0x28, 0, (byte) 0xFF});
    }

    @Test
    void answersWithFileAndLine() {
        String page = run(false, "", "Do you ship to PO boxes?");
        assertThat(page)
                .contains("Answer     extractive")
                .contains("We do not ship to PO boxes. [1]")
                .contains("shipping.md:3")
                .contains("└─")
                .contains("broken.md");
    }

    @Test
    void tracesGoToAFileAndToAReceiverAsOneTree() throws IOException {
        Path file = folder.resolve("traces.jsonl");
        try (OtlpReceiver receiver = OtlpReceiver.start()) {
            String url = receiver.address() + "/v1/traces";
            run(false, "", "Do you ship to PO boxes?", "--trace-file", file.toString(), "--otlp", url);

            List<Span> spans = receiver.spans();
            assertThat(spans).extracting(Span::getName).contains("ask", "retrieval documents");
            assertThat(spans.stream().map(Span::getTraceId).distinct()).hasSize(1);
            assertThat(spans.stream().filter(span -> span.getParentSpanId().isEmpty()))
                    .extracting(Span::getName)
                    .containsExactly("ask");
            assertThat(exit).isZero();
        }
        assertOneTree(file);
    }

    private static void assertOneTree(Path file) throws IOException {
        Map<String, JsonNode> spans = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            new ObjectMapper()
                    .readTree(line)
                    .at("/resourceSpans")
                    .forEach(resource -> resource.at("/scopeSpans")
                            .forEach(scope -> scope.at("/spans")
                                    .forEach(
                                            span -> spans.put(span.get("spanId").textValue(), span))));
        }
        assertThat(spans.values())
                .extracting(span -> span.get("name").textValue())
                .contains("ask", "retrieval documents");
        assertThat(spans.values())
                .extracting(span -> span.get("traceId").textValue())
                .containsOnly(spans.values().iterator().next().get("traceId").textValue());
        assertThat(spans.values())
                .filteredOn(span -> !span.has("parentSpanId"))
                .extracting(span -> span.get("name").textValue())
                .containsExactly("ask");
        assertThat(spans.values())
                .filteredOn(span -> span.has("parentSpanId"))
                .allSatisfy(span ->
                        assertThat(spans).containsKey(span.get("parentSpanId").textValue()));
    }

    @Test
    void aTraceFileThatCannotBeWrittenIsRefusedBeforeAnythingIsDone() throws IOException {
        Path blocked = Files.writeString(folder.resolve("blocked"), "a file").resolve("traces.jsonl");
        for (Path file : List.of(folder, blocked)) {
            assertThat(run(false, "", "Do you ship to PO boxes?", "--trace-file", file.toString()))
                    .isEqualToIgnoringNewLines("--trace-file: " + file + " (expected: a file that can be written)");
            assertThat(exit).isEqualTo(1);
        }
    }

    @Test
    void aReceiverThatIsNotThereIsSaidInALine() {
        String url;
        try (OtlpReceiver receiver = OtlpReceiver.start()) {
            url = receiver.address() + "/v1/traces";
        }
        String page = run(false, "", "Do you ship to PO boxes?", "--otlp", url);
        assertThat(page).contains("We do not ship to PO boxes. [1]");
        assertThat(page.lines().toList())
                .last()
                .asString()
                .matches("--otlp: \\Q" + url + "\\E: (\\d+) of \\1 spans did not arrive"
                        + " \\(expected: a receiver of OTLP over HTTP\\)");
        assertThat(exit).isEqualTo(1);
    }

    @Test
    void secondStartReusesTheIndex() {
        assertThat(run(false, "", "When do parcels leave?")).contains("passages embedded");
        assertThat(run(false, "", "When do parcels leave?"))
                .contains("index re-used")
                .contains("Mondays");
    }

    @Test
    void damagedIndexIsMadeAnew() throws IOException {
        run(false, "", "When do parcels leave?");
        try (var files = Files.list(folder.resolve("home"))) {
            Path index = files.filter(file -> file.toString().endsWith(".plinth"))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(index);
            Files.write(index, Arrays.copyOf(bytes, bytes.length / 2));
        }
        assertThat(run(false, "", "When do parcels leave?"))
                .contains("index made anew")
                .contains("Mondays");
    }

    @Test
    void honestWhenNothingFits() {
        assertThat(run(false, "", "Who painted the Mona Lisa?"))
                .contains("no grounds")
                .contains("The documents do not answer this question.");
    }

    @Test
    void emptyFolderIsRefused() throws IOException {
        docs = Files.createDirectories(folder.resolve("empty"));
        assertThat(run(false, "", "Anything?"))
                .contains("holds no document to read")
                .contains("expected:");
    }

    @Test
    void keepsAThumb() {
        assertThat(run(true, "y\n", "Do you ship to PO boxes?")).contains("Kept: thumb, thumbs-up");
    }

    @Test
    void keepsAnEdit() {
        String page = run(true, "e\nWe do not ship to PO boxes in winter.\n", "Do you ship to PO boxes?");
        assertThat(page).contains("Kept: edit").contains("kept");
    }

    @Test
    void asksOnAtATerminal() {
        assertThat(run(true, "Do you ship to PO boxes?\n\nWhen do parcels leave?\n\n\n"))
                .contains("PO boxes. [1]")
                .contains("Parcels leave on Mondays.");
    }

    private String run(boolean interactive, String input, String... question) {
        System.setProperty("quickstart.home", folder.resolve("home").toString());
        StringWriter page = new StringWriter();
        PrintWriter writer = new PrintWriter(page, true);
        Terminal terminal =
                new Terminal(new BufferedReader(new StringReader(input)), writer, writer, interactive, false);
        List<String> arguments = new ArrayList<>(List.of("--offline", "--docs", docs.toString()));
        arguments.addAll(List.of(question));
        exit = Quickstart.run(terminal, arguments);
        return page.toString();
    }
}
