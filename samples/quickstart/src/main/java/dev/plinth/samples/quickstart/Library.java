package dev.plinth.samples.quickstart;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.error.StoreException;
import dev.plinth.rag.connect.FolderConnector;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.ingest.IngestProgress;
import dev.plinth.rag.ingest.IngestReport;
import dev.plinth.rag.ingest.Ingestion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** The documents and their index, which is kept in a file so that a second start has nothing to embed. */
final class Library implements AutoCloseable {

    private final InMemoryIndex index;
    private final IngestReport report;

    private Library(InMemoryIndex index, IngestReport report) {
        this.index = index;
        this.report = report;
    }

    static Library open(Path docs, Path home, EmbeddingModel embeddings, Terminal terminal) {
        Path file = file(home, docs);
        InMemoryIndex index = load(file, embeddings, terminal);
        IngestReport report = ingest(docs, index, embeddings, terminal);
        if (report.changedAnything()) {
            index.save(file);
        }
        return new Library(index, report);
    }

    private static Path file(Path home, Path docs) {
        try {
            Files.createDirectories(home);
        } catch (IOException exception) {
            throw new UncheckedIOException(home + ": cannot be made (expected: a folder to write to)", exception);
        }
        String folder = docs.toAbsolutePath().normalize().toString();
        return home.resolve("index-" + Integer.toHexString(folder.hashCode()) + ".plinth");
    }

    private static InMemoryIndex load(Path file, EmbeddingModel embeddings, Terminal terminal) {
        InMemoryIndex.Builder builder = InMemoryIndex.forModel(embeddings);
        try {
            return builder.loadIfExists(file);
        } catch (StoreException unusable) {
            terminal.out().println("  index made anew: " + unusable.getMessage());
            return builder.build();
        }
    }

    private static IngestReport ingest(Path docs, InMemoryIndex index, EmbeddingModel embeddings, Terminal terminal) {
        try (FolderConnector folder = FolderConnector.of(docs.toAbsolutePath().normalize());
                Bar bar = new Bar(terminal.showsProgress())) {
            return Ingestion.builder(index, embeddings)
                    .onProgress(bar::show)
                    .build()
                    .run(folder);
        }
    }

    InMemoryIndex index() {
        return index;
    }

    /** What is in the index, and how much work that was. */
    String summary() {
        long chunks = report.embeddedChunks();
        String work = chunks == 0 ? "index re-used" : chunks + " passages embedded";
        return AnswerPage.shown(report.source()) + ", " + report.stored() + " files, " + index.size() + " passages ("
                + work + ")";
    }

    /** What is not in it, and why: everything that failed, and one of what was passed over. */
    List<String> gaps() {
        List<String> gaps = new ArrayList<>();
        for (IngestReport.Outcome outcome : report.problems()) {
            if (outcome.status() == IngestReport.Status.FAILED) {
                gaps.add("failed: " + outcome.documentId() + ": " + outcome.reason());
            }
        }
        report.problems().stream()
                .filter(outcome -> outcome.status() == IngestReport.Status.SKIPPED)
                .findFirst()
                .ifPresent(first -> gaps.add("passed over: " + report.skipped() + " files, such as "
                        + first.documentId() + ": " + first.reason()));
        return gaps;
    }

    @Override
    public void close() {
        index.close();
    }

    /** A bar on the standard error, once there is something to embed. */
    private static final class Bar implements AutoCloseable {
        private final boolean shown;
        private @Nullable ProgressBar bar;

        Bar(boolean shown) {
            this.shown = shown;
        }

        void show(IngestProgress progress) {
            if (bar == null && shown && progress.chunksDone() > 0) {
                bar = new ProgressBarBuilder()
                        .setTaskName("Indexing")
                        .setUnit(" files", 1)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setInitialMax(progress.documentsTotal())
                        .build();
            }
            if (bar != null) {
                bar.stepTo(progress.documentsDone()).setExtraMessage(progress.chunksDone() + " passages");
            }
        }

        @Override
        public void close() {
            if (bar != null) {
                bar.close();
            }
        }
    }
}
