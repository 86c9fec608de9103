package dev.plinth.rag.ingest;

import dev.plinth.api.check.Check;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of the documents of a run. What the source named is stored, skipped or failed:
 * {@code named() == stored() + skipped() + failed()}, or there is no report.
 *
 * @param source the connector's name
 * @param named documents that the source named, counted as they were listed, and those tried again that it need not name
 *     again. One that it named again while the run went on, in another version or after it was removed, counts each time
 * @param counts how many documents have which status; those with none are left out
 * @param problems what was skipped, failed or kept, the first 1,000; {@link Ingestion.Builder#onOutcome} is told of all
 * @param embeddedChunks how many chunks were embedded; 0 when nothing had changed
 */
public record IngestReport(
        String source, long named, Map<Status, Long> counts, List<Outcome> problems, long embeddedChunks) {

    public IngestReport {
        Check.notBlank(source, "source");
        Map<Status, Long> copy = new EnumMap<>(Status.class);
        copy.putAll(Check.notNull(counts, "counts"));
        counts = Collections.unmodifiableMap(copy);
        problems = List.copyOf(Check.notNull(problems, "problems"));
        long dealtWith = copy.entrySet().stream()
                .filter(count -> count.getKey().isNamed())
                .mapToLong(Map.Entry::getValue)
                .sum();
        Check.that(named == dealtWith, "named", named, dealtWith + ", which were stored, skipped or failed");
    }

    /** What can become of a document. */
    public enum Status {
        /** New in the index. */
        ADDED,
        /** Replaced, as its content or the way it is split has changed. */
        CHANGED,
        /** In the index already; nothing was embedded. */
        UNCHANGED,
        /** The source names it but does not offer it. What the index holds of it stays. */
        SKIPPED,
        /** It could not be read, embedded or stored. What the index holds of it stays, and the next run tries again. */
        FAILED,
        /** It failed so often that it is not tried again until it changes. What the index holds of it stays. */
        QUARANTINED,
        /** The source no longer has it, nor has the index. */
        REMOVED,
        /** The source no longer has it, but too many would have been removed at once. */
        KEPT;

        /** Whether the source named it. */
        boolean isNamed() {
            return this != REMOVED && this != KEPT;
        }

        boolean isProblem() {
            return this == SKIPPED || this == FAILED || this == QUARANTINED || this == KEPT;
        }
    }

    /**
     * One document.
     *
     * @param documentId its id within the source
     * @param status what became of it
     * @param chunks how many chunks were stored now; 0 unless added or changed
     * @param reason why, when it was skipped, kept, failed or quarantined
     */
    public record Outcome(
            String documentId,
            Status status,
            int chunks,
            @Nullable String reason) {}

    /** How many documents have this status. */
    public long count(Status status) {
        return counts.getOrDefault(status, 0L);
    }

    /** Documents that are in the index with what the source holds now. */
    public long stored() {
        return count(Status.ADDED) + count(Status.CHANGED) + count(Status.UNCHANGED);
    }

    /** Documents that the source named but did not offer. */
    public long skipped() {
        return count(Status.SKIPPED);
    }

    /** Documents that could not be brought in, now or ever. */
    public long failed() {
        return count(Status.FAILED) + count(Status.QUARANTINED);
    }

    /** Whether the index holds another content than before. */
    public boolean changedAnything() {
        return count(Status.ADDED) + count(Status.CHANGED) + count(Status.REMOVED) > 0;
    }

    /** The counts in one line, for people. */
    public String summary() {
        return source + ": " + count(Status.ADDED) + " added, " + count(Status.CHANGED) + " changed, "
                + count(Status.UNCHANGED) + " unchanged, " + skipped() + " skipped, " + count(Status.FAILED)
                + " failed, " + count(Status.QUARANTINED) + " quarantined, " + count(Status.REMOVED) + " removed, "
                + count(Status.KEPT) + " kept";
    }
}
