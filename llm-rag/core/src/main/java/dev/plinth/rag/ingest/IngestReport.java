package dev.plinth.rag.ingest;

import dev.plinth.api.check.Check;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of every document of a run. What the source named is stored, skipped or failed:
 * {@code named() == stored() + skipped() + failed()}.
 *
 * @param source the connector's name
 * @param outcomes one for each document, those named first in the order of the source, then those that the source no
 *     longer has
 * @param embeddedChunks how many chunks were embedded; 0 when nothing had changed
 */
public record IngestReport(String source, List<Outcome> outcomes, int embeddedChunks) {

    public IngestReport {
        Check.notBlank(source, "source");
        outcomes = List.copyOf(Check.notNull(outcomes, "outcomes"));
    }

    /** What can become of a document. */
    public enum Status {
        /** New in the index. */
        ADDED,
        /** Replaced, as its version or the way it is split has changed. */
        CHANGED,
        /** In the index already; nothing was done. */
        UNCHANGED,
        /** The source names it but does not offer it. What the index holds of it stays. */
        SKIPPED,
        /** It could not be read, embedded or stored. What the index holds of it stays, and the next run tries again. */
        FAILED,
        /** The source no longer has it, nor has the index. */
        REMOVED,
        /** The source no longer has it, but too many would have been removed at once. */
        KEPT
    }

    /**
     * One document.
     *
     * @param documentId its id within the source
     * @param status what became of it
     * @param chunks how many chunks were stored now; 0 unless added or changed
     * @param reason why, when it was skipped, kept or failed
     */
    public record Outcome(
            String documentId,
            Status status,
            int chunks,
            @Nullable String reason) {}

    /** How many documents have this status. */
    public int count(Status status) {
        return (int)
                outcomes.stream().filter(outcome -> outcome.status() == status).count();
    }

    /** Documents that the source named. */
    public int named() {
        return outcomes.size() - count(Status.REMOVED) - count(Status.KEPT);
    }

    /** Documents that are in the index with what the source holds now. */
    public int stored() {
        return count(Status.ADDED) + count(Status.CHANGED) + count(Status.UNCHANGED);
    }

    /** Documents that the source named but did not offer. */
    public int skipped() {
        return count(Status.SKIPPED);
    }

    /** Documents that could not be brought in. */
    public int failed() {
        return count(Status.FAILED);
    }

    /** The counts in one line, for people. */
    public String summary() {
        return source + ": " + count(Status.ADDED) + " added, " + count(Status.CHANGED) + " changed, "
                + count(Status.UNCHANGED) + " unchanged, " + skipped() + " skipped, " + failed() + " failed, "
                + count(Status.REMOVED) + " removed, " + count(Status.KEPT) + " kept";
    }
}
