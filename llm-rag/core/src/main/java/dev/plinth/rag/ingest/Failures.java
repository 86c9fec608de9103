package dev.plinth.rag.ingest;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.rag.ingest.DocumentBatch.Task;
import dev.plinth.rag.ingest.IngestReport.Status;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What goes wrong with documents. It is noted in the ledger, so that the next run tries them again though no list of
 * changes names them, and leaves alone what fails again and again; and it is counted, so that a run ends when the source,
 * the model or the store fails on one document after the other. Thread-safe.
 */
final class Failures {
    private static final int LIMIT = 5;

    private final Settings settings;
    private final String source;
    private final Tally tally;
    private final boolean share;
    private final AtomicInteger inARow = new AtomicInteger();
    private volatile boolean anyStored;
    private volatile boolean allNoted = true;

    /** @param share whether another run hands the documents out: it notes what is not the document's own */
    Failures(Settings settings, String source, Tally tally, boolean share) {
        this.settings = settings;
        this.source = source;
        this.tally = tally;
        this.share = share;
    }

    /** Whether source, model and store are worth another try. Once they are not, it stays so. */
    boolean goOn() {
        return inARow.get() < LIMIT;
    }

    /** Whether the ledger tells of all that was not brought in. */
    boolean allNoted() {
        return allNoted;
    }

    /** A document got through: the model and the store work. */
    void gotThrough() {
        anyStored = true;
        inARow.updateAndGet(count -> count < LIMIT ? 0 : count);
    }

    /** The document's own failure: it cannot be read, or is refused for what it is. */
    void ofDocument(Task task, String cause) {
        note(task, cause, true);
    }

    /**
     * The source, the model or the store failed on the document when it was tried alone. That may be the document's fault
     * only where others get through, so only there it counts.
     */
    void elsewhere(Task task, String cause) {
        boolean over = !goOn();
        inARow.incrementAndGet();
        if (share || over) {
            leave(task, cause);
            return;
        }
        try {
            note(task, cause, anyStored);
        } catch (StoreException ledgerFailsToo) {
            leave(task, cause);
        }
    }

    /** The document is not even tried, as it went on like that. */
    void notTried(Task task) {
        leave(task, "not tried after " + LIMIT + " failures in a row");
    }

    /** Not noted now: if it was not before, the next run has to list it again. */
    private void leave(Task task, String cause) {
        if (!task.failedBefore()) {
            allNoted = false;
        }
        tally.done(task.item().id(), Status.FAILED, 0, cause);
    }

    /** @param counts whether it brings the document nearer to be left alone, when it is not the first failure */
    private void note(Task task, String cause, boolean counts) {
        String id = task.item().id();
        Ledger.Entry known = settings.ledger().find(source, List.of(id)).get(id);
        Ledger.Failure before = known == null ? null : known.failure();
        int times = before != null && before.version().equals(task.version()) ? before.times() + (counts ? 1 : 0) : 1;
        boolean last = times >= settings.quarantineAfter();
        if (last && !counts) {
            leave(task, cause); // nobody is left alone for that
            return;
        }
        Ledger.Failure failure =
                new Ledger.Failure(task.version(), cause, times, settings.time().now());
        Ledger.Entry entry = known == null
                ? new Ledger.Entry(null, null, failure)
                : new Ledger.Entry(known.stored(), known.pending(), failure); // what is pending by now stays so
        settings.ledger().put(source, Map.of(id, entry));
        tally.done(id, last ? Status.QUARANTINED : Status.FAILED, 0, cause);
    }
}
