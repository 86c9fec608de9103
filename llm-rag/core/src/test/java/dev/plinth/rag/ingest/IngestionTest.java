package dev.plinth.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.rag.WordVectors;
import dev.plinth.rag.connect.FolderConnector;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.ingest.IngestReport.Status;
import dev.plinth.rag.parse.DocumentParser;
import dev.plinth.rag.parse.Parsed;
import dev.plinth.rag.parse.TextParser;
import dev.plinth.rag.split.Splitter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestionTest {
    @TempDir
    Path folder;

    private final WordVectors model = new WordVectors();
    private final InMemoryIndex index = InMemoryIndex.forModel(model).build();

    @BeforeEach
    void write() throws IOException {
        write("shipping.md", "# Shipping\n\nWe ship daily.\n\n## Boxes\n\nNo PO boxes.\n");
        write("sub/refunds.txt", "Refunds take five days.");
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private IngestReport run() {
        return Ingestion.into(index, model).run(FolderConnector.of(folder).named("docs"));
    }

    private int found(String words) {
        return index.search(new TextQuery(words, 10)).size();
    }

    @Test
    void bringsInAFolderAndThenDoesNothing() {
        IngestReport first = run();
        assertThat(first.count(Status.ADDED)).isEqualTo(2);
        assertThat(first.embeddedChunks()).isEqualTo(3);
        assertThat(index.size()).isEqualTo(3);

        int requests = model.requests();
        IngestReport second = run();
        assertThat(second.count(Status.UNCHANGED)).isEqualTo(2);
        assertThat(second.embeddedChunks()).isZero();
        assertThat(model.requests()).isEqualTo(requests);
    }

    @Test
    void aSavedIndexIsUsedAgain() {
        run();
        Path file = folder.resolve("docs.idx");
        index.save(file);
        int requests = model.requests();

        InMemoryIndex loaded = InMemoryIndex.forModel(model).load(file);
        IngestReport report =
                Ingestion.into(loaded, model).run(FolderConnector.of(folder).named("docs"));

        assertThat(report.count(Status.UNCHANGED)).isEqualTo(2);
        assertThat(model.requests()).isEqualTo(requests);
    }

    @Test
    void embedsOnlyWhatChangedAndRemovesWhatIsGone() throws IOException {
        run();
        int before = model.embedded();
        write("shipping.md", "# Shipping\n\nWe fly daily.\n");
        write("new.md", "Fresh words.");
        Files.delete(folder.resolve("sub/refunds.txt"));

        IngestReport report = run();

        assertThat(report.summary())
                .isEqualTo(
                        "docs: 1 added, 1 changed, 0 unchanged, 0 skipped, 0 failed, 0 quarantined, 1 removed, 0 kept");
        assertThat(model.embedded() - before).isEqualTo(2);
        assertThat(found("refunds")).isZero();
        assertThat(found("boxes")).isZero();
        assertThat(found("fly")).isOne();
    }

    @Test
    void anotherSplitMakesEveryDocumentAChangedOne() {
        run();
        IngestReport report = Ingestion.builder(index, model)
                .splitter(Splitter.standard().maxSize(20))
                .build()
                .run(FolderConnector.of(folder).named("docs"));
        assertThat(report.count(Status.CHANGED)).isEqualTo(2);
    }

    @Test
    void anotherParserMakesEveryDocumentAChangedOne() {
        run();
        DocumentParser withTitle = new DocumentParser() {
            @Override
            public boolean accepts(String name, @Nullable String mediaType) {
                return DocumentParser.text().accepts(name, mediaType);
            }

            @Override
            public Parsed parse(String name, @Nullable String mediaType, byte[] content) {
                Parsed text = DocumentParser.text().parse(name, mediaType, content);
                return new Parsed("Handbook", text.text(), text.pages(), text.metadata());
            }

            @Override
            public String fingerprint() {
                return "with-title-1";
            }
        };
        FolderConnector docs = FolderConnector.of(folder).named("docs");
        assertThat(Ingestion.into(index, model).run(docs.parser(withTitle)).count(Status.CHANGED))
                .isEqualTo(2);
        int embedded = model.embedded();
        FolderConnector more = docs.parser(TextParser.create().extensions("md", "txt", "adoc"));
        assertThat(Ingestion.into(index, model).run(more).count(Status.CHANGED)).isEqualTo(2);
        assertThat(Ingestion.into(index, model).run(docs).count(Status.UNCHANGED))
                .as("read anew, and not embedded")
                .isEqualTo(2);
        assertThat(model.embedded() - embedded).isEqualTo(3);
    }

    @Test
    void namesWhatItPassesOverAndGoesOn() throws IOException {
        write(".hidden.md", "hidden");
        write(".git/config.md", "hidden");
        write("image.png", "x");
        Files.write(folder.resolve("latin.txt"), "Grüße".getBytes(StandardCharsets.ISO_8859_1));
        Files.write(folder.resolve("binary.md"), new byte[] {65, 0, 66});
        Files.createSymbolicLink(folder.resolve("sub/loop"), folder);
        Path outside = Files.createTempFile("outside", ".md");
        Files.createSymbolicLink(folder.resolve("outside.md"), outside);
        Files.createSymbolicLink(folder.resolve("broken.md"), folder.resolve("nowhere"));

        IngestReport report = run();
        Files.delete(outside);

        assertThat(report.stored()).isEqualTo(2);
        assertThat(report.failed()).isEqualTo(2);
        assertThat(report.skipped()).isEqualTo(6);
        assertThat(report.named()).isEqualTo(10);
        assertThat(reason(report, "latin.txt")).contains("latin.txt is no text (expected: UTF-8");
        assertThat(reason(report, "binary.md")).contains("is binary (expected: text)");
        assertThat(reason(report, ".git")).isEqualTo("hidden folder");
        assertThat(reason(report, "sub/loop")).isEqualTo("link that leads in a loop");
        assertThat(reason(report, "outside.md")).isEqualTo("link that leads outside the folder");
        assertThat(reason(report, "image.png")).startsWith("no kind of file");
        assertThat(reason(report, "broken.md")).isNotBlank();
    }

    private static String reason(IngestReport report, String id) {
        return report.problems().stream()
                .filter(outcome -> outcome.documentId().equals(id))
                .map(outcome -> String.valueOf(outcome.reason()))
                .findFirst()
                .orElse("not named");
    }

    @Test
    void readsMarkedUtf16AndLeavesTheMarkOut() throws IOException {
        Files.write(folder.resolve("wide.txt"), "\uFEFFWide words".getBytes(StandardCharsets.UTF_16LE));
        Files.write(folder.resolve("marked.txt"), "\uFEFFMarked".getBytes(StandardCharsets.UTF_8));
        run();
        assertThat(found("wide")).isOne();
        assertThat(index.search(new TextQuery("marked", 1)).get(0).chunk().text())
                .isEqualTo("Marked");
    }

    @Test
    void oneDocumentThatCannotBeEmbeddedTakesNoOtherWithIt() throws IOException {
        run();
        write("shipping.md", "# Shipping\n\nPoison here.\n");
        write("new.md", "Fresh words.");
        model.failOn("Poison");

        IngestReport report = run();
        assertThat(report.failed()).isEqualTo(1);
        assertThat(reason(report, "shipping.md")).contains("busy");
        assertThat(report.count(Status.ADDED)).isEqualTo(1);
        assertThat(found("boxes")).as("the old version stays").isOne();

        model.failOn("");
        assertThat(run().count(Status.CHANGED)).as("the next run tries again").isEqualTo(1);
        assertThat(found("poison")).isOne();
    }

    @Test
    void stopsAskingAModelThatFailsAgainAndAgain() throws IOException {
        for (int i = 0; i < 60; i++) {
            write("many/" + i + ".md", "Poison " + i);
        }
        model.failOn("Poison");
        IngestReport report =
                Ingestion.builder(index, model).batchSize(1).build().run(FolderConnector.of(folder));
        assertThat(report.failed()).isEqualTo(62);
        assertThat(model.requests()).isLessThan(10);
        assertThat(reason(report, "shipping.md")).isEqualTo("not tried after 5 failures in a row");
    }

    @Test
    void refusesAnEmptyFolderAndKeepsTheIndex() throws IOException {
        run();
        Files.delete(folder.resolve("shipping.md"));
        Files.delete(folder.resolve("sub/refunds.txt"));
        assertThatThrownBy(this::run)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("holds no document to read");
        assertThat(index.size()).isEqualTo(3);
        assertThatThrownBy(() -> Ingestion.into(index, model).run(FolderConnector.of(folder.resolve("none"))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is no folder");
    }

    @Test
    void doesNotRemoveMostOfAnIndexAtOnce() throws IOException {
        for (int i = 0; i < 40; i++) {
            write("many/" + i + ".md", "Text " + i);
        }
        run();
        for (int i = 0; i < 30; i++) {
            Files.delete(folder.resolve("many/" + i + ".md"));
        }
        IngestReport report = run();
        assertThat(report.count(Status.KEPT)).isEqualTo(30);
        assertThat(report.count(Status.REMOVED)).isZero();

        IngestReport allowed = Ingestion.builder(index, model)
                .maxRemovedShare(1)
                .build()
                .run(FolderConnector.of(folder).named("docs"));
        assertThat(allowed.count(Status.REMOVED)).isEqualTo(30);
    }

    @Test
    void boundsItsBatchesAndTellsItsProgress() throws IOException {
        write("long.md", "# A\n\nwords\n\n".repeat(25));
        List<IngestProgress> steps = new ArrayList<>();
        IngestReport report = Ingestion.builder(index, model)
                .batchSize(8)
                .onProgress(steps::add)
                .build()
                .run(FolderConnector.of(folder));

        assertThat(model.largestBatch()).isLessThanOrEqualTo(8);
        IngestProgress last = steps.get(steps.size() - 1);
        assertThat(last.documentsDone()).isEqualTo(last.documentsTotal()).isEqualTo(3);
        assertThat(last.chunksDone())
                .isEqualTo(last.chunksKnown())
                .isEqualTo(report.embeddedChunks())
                .isEqualTo(28);
        assertThat(steps).extracting(IngestProgress::chunksDone).isSorted();
    }

    @Test
    void twoSourcesMayHaveDocumentsOfOneName() {
        run();
        Ingestion.into(index, model).run(FolderConnector.of(folder).named("copy"));
        assertThat(index.size()).isEqualTo(6);
    }

    @Test
    void linesAndHeadingsPointIntoTheFile() {
        run();
        assertThat(index.search(new TextQuery("boxes", 1)).get(0).chunk()).satisfies(chunk -> {
            assertThat(chunk.headings()).containsExactly("Shipping", "Boxes");
            assertThat(chunk.span().startLine()).isEqualTo(5);
            assertThat(chunk.source()).endsWith("/shipping.md");
        });
    }
}
