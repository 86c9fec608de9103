package dev.plinth.rag.ingest;

import dev.plinth.rag.ingest.IngestReport.Outcome;
import dev.plinth.rag.ingest.IngestReport.Status;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts what becomes of documents and tells who listens, one event at a time. Thread-safe. */
final class Tally {
    private static final int KEPT_PROBLEMS = 1000;

    private final Consumer<? super IngestProgress> progress;
    private final Consumer<? super Outcome> outcomes;
    private final Map<Status, Long> counts = new EnumMap<>(Status.class);
    private final List<Outcome> problems = new ArrayList<>();
    private long documentsListed;
    private long documentsSkipped;
    private long documentsTotal;
    private long documentsDone;
    private long chunksKnown;
    private long chunksDone;

    Tally(Consumer<? super IngestProgress> progress, Consumer<? super Outcome> outcomes) {
        this.progress = progress;
        this.outcomes = outcomes;
    }

    /** The source listed so many more, and said there would be so many in all; -1 when it did not. */
    synchronized void listed(int documents, long total) {
        documentsListed += documents;
        documentsTotal = Math.max(documentsListed, total);
    }

    synchronized void read(int chunks) {
        chunksKnown += chunks;
    }

    synchronized void embedded(int chunks, String document) {
        chunksDone += chunks;
        tell(document);
    }

    /** What was read or embedded for nothing, since it is done again. */
    synchronized void undo(int chunks) {
        chunksDone -= chunks;
    }

    /** A document that the source listed is dealt with. */
    synchronized void done(String id, Status status, int chunks, @Nullable String reason) {
        documentsDone++;
        count(id, status, chunks, reason);
        tell(id);
    }

    /** The source named a document that it does not offer. */
    synchronized void skipped(String id, String reason) {
        documentsSkipped++;
        count(id, Status.SKIPPED, 0, reason);
    }

    /** What was not listed: removed or kept. */
    synchronized void count(String id, Status status, int chunks, @Nullable String reason) {
        Outcome outcome = new Outcome(id, status, chunks, reason);
        counts.merge(status, 1L, Long::sum);
        if (status.isProblem() && problems.size() < KEPT_PROBLEMS) {
            problems.add(outcome);
        }
        tell(outcomes, outcome);
    }

    private void tell(String id) {
        tell(progress, new IngestProgress(documentsDone, documentsTotal, chunksDone, chunksKnown, id));
    }

    private static <T> void tell(Consumer<? super T> listener, T event) {
        try {
            listener.accept(event);
        } catch (RuntimeException thrown) {
            throw new ListenerFailure(thrown);
        }
    }

    /** @throws IllegalArgumentException if something became of more documents, or of fewer, than were named */
    synchronized IngestReport report(String source) {
        return new IngestReport(source, documentsListed + documentsSkipped, counts, problems, chunksDone);
    }
}
