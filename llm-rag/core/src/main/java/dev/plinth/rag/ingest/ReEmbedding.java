package dev.plinth.rag.ingest;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.ingest.IngestReport.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Brings all that one store holds into another one whose vectors are of another model, side by side, without asking the
 * sources again. Chunks keep their ids, and the new ledger knows what the old one knew, failures included, so that
 * ingestion goes on from there.
 *
 * <pre>{@code
 * List<IngestReport> reports = ReEmbedding.of(oldIndex, oldIndex).run(Ingestion.into(newIndex, newModel));
 * }</pre>
 *
 * <p>May be killed and run again: what is there already costs nothing. The old store may be written to meanwhile; run it
 * once more, and what has changed in between is brought over, too.
 *
 * <p>Immutable and thread-safe.
 */
public final class ReEmbedding {
    private final VectorStore store;
    private final Ledger ledger;

    private ReEmbedding(VectorStore store, Ledger ledger) {
        this.store = store;
        this.ledger = ledger;
    }

    /** Out of this store, of which the ledger knows the documents. */
    public static ReEmbedding of(VectorStore store, Ledger ledger) {
        return new ReEmbedding(Check.notNull(store, "store"), Check.notNull(ledger, "ledger"));
    }

    /**
     * Brings everything over. Batches, lanes and limits are those of the ingestion; its splitter is not asked. What failed
     * too often in an earlier run is tried again.
     *
     * @param into without {@link Ingestion.Builder#workers}
     * @return a report for each source, in none of which a document failed or was kept
     * @throws StoreException if the other store does not hold, of every source, the documents of this one after it, and no
     *     others: some failed, which {@link Ingestion.Builder#onOutcome} is told of, or more were removed from this one
     *     since an earlier run than the ingestion may remove. All that could be brought over was; run it again, or decide
     *     to do without
     */
    public List<IngestReport> run(Ingestion into) {
        Settings settings = into.settings();
        Check.that(settings.store() != store, "into", "the same store", "another one");
        Check.that(settings.workers() == null, "into", "with workers", "without");
        List<IngestReport> reports = new ArrayList<>();
        for (String source : ledger.sources()) {
            reports.add(IngestRun.runFully(settings, new StoreSource(source, store, ledger)));
            carryFailures(source, settings.ledger());
        }
        requireAll(reports);
        return reports;
    }

    /** Who drops the reports must not take a part for the whole. */
    private static void requireAll(List<IngestReport> reports) {
        List<String> partial = reports.stream()
                .filter(report -> report.failed() + report.count(Status.KEPT) > 0)
                .map(IngestReport::summary)
                .toList();
        if (!partial.isEmpty()) {
            throw new StoreException("documents: not all are brought over (expected: none failed, none kept), "
                    + String.join("; ", partial));
        }
    }

    /**
     * A source that tells only of changes will not name again what failed: the new ledger has to know of it, too. It may
     * have been the old model that refused it, so it counts as one failure, however many there were.
     */
    private void carryFailures(String source, Ledger to) {
        ledger.forEachPage(source, page -> {
            Map<String, Ledger.Failure> failures = new TreeMap<>();
            page.forEach((id, entry) -> {
                if (entry.failure() != null) {
                    failures.put(id, once(entry.failure()));
                }
            });
            Map<String, Ledger.Entry> there = to.find(source, failures.keySet());
            Map<String, Ledger.Entry> carried = new TreeMap<>();
            failures.forEach((id, failure) -> {
                Ledger.Entry now = there.get(id);
                if (now == null) {
                    carried.put(id, new Ledger.Entry(null, null, failure));
                } else if (now.failure() == null) {
                    carried.put(id, new Ledger.Entry(now.stored(), now.pending(), failure));
                }
            });
            to.put(source, carried);
        });
    }

    private static Ledger.Failure once(Ledger.Failure failure) {
        return new Ledger.Failure(failure.version(), failure.cause(), 1, failure.at());
    }
}
