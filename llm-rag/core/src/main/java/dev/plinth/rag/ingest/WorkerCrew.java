package dev.plinth.rag.ingest;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.rag.ingest.DocumentBatch.Task;
import dev.plinth.rag.ingest.IngestReport.Outcome;
import dev.plinth.rag.ingest.IngestReport.Status;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Hands documents to workers, many at once, and counts what they say. A share that was tried again says of what the first
 * try has stored that it is unchanged: so what the ledger knew before the run decides.
 */
final class WorkerCrew implements Crew {
    private static final int LEDGER_PAGE = 500;

    private final Ledger ledger;
    private final String source;
    private final Workers workers;
    private final int atOnce;
    private final Tally tally;
    private final Failures failures;
    private final Map<String, Task> waiting = new LinkedHashMap<>();

    WorkerCrew(Settings settings, Workers workers, String source, Tally tally, Failures failures) {
        this.ledger = settings.ledger();
        this.source = source;
        this.workers = workers;
        this.atOnce = settings.documentsAtOnce();
        this.tally = tally;
        this.failures = failures;
    }

    @Override
    public void take(List<Task> tasks) {
        tasks.forEach(task -> waiting.put(task.item().id(), task));
        if (waiting.size() >= atOnce) {
            join();
        }
    }

    @Override
    public void join() {
        if (!failures.goOn()) {
            waiting.values().forEach(failures::notTried);
            waiting.clear();
        }
        if (waiting.isEmpty()) {
            return;
        }
        List<Outcome> outcomes =
                workers.bringIn(waiting.values().stream().map(Task::item).toList());
        Pages.of(outcomes, LEDGER_PAGE).forEach(this::count);
        if (!waiting.isEmpty()) {
            throw new StoreException("documents: nothing is said of " + waiting.size()
                    + " (expected: what became of each that was handed out)");
        }
    }

    private void count(List<Outcome> outcomes) {
        List<String> unclear = outcomes.stream()
                .filter(outcome -> outcome.status() != Status.ADDED && outcome.status() != Status.CHANGED)
                .map(Outcome::documentId)
                .toList();
        Map<String, Ledger.Entry> now = ledger.find(source, unclear);
        for (Outcome outcome : outcomes) {
            Task task = waiting.remove(outcome.documentId());
            if (task == null) {
                throw new StoreException("document: " + outcome.documentId() + " (expected: one of those handed out)");
            }
            count(task, outcome, now.get(outcome.documentId()));
        }
    }

    private void count(Task task, Outcome outcome, Ledger.@Nullable Entry now) {
        switch (outcome.status()) {
            case ADDED, CHANGED -> stored(task, outcome.chunks());
            case UNCHANGED -> {
                Ledger.Stored held = now == null ? null : now.stored();
                if (held == null || isSame(task.known(), held)) {
                    tally.done(outcome.documentId(), Status.UNCHANGED, 0, null);
                } else {
                    stored(task, held.chunks());
                }
            }
            case FAILED, QUARANTINED -> {
                String cause = String.valueOf(outcome.reason());
                if (Objects.equals(failure(now), failure(task.known()))) { // a worker notes only a document's own
                    failures.elsewhere(task, cause);
                } else {
                    tally.done(outcome.documentId(), outcome.status(), 0, cause);
                }
            }
            default ->
                throw new StoreException("document: " + outcome.documentId() + " is " + outcome.status()
                        + " (expected: stored or failed)");
        }
    }

    private static Ledger.@Nullable Failure failure(Ledger.@Nullable Entry entry) {
        return entry == null ? null : entry.failure();
    }

    private void stored(Task task, int chunks) {
        failures.gotThrough();
        tally.read(chunks);
        tally.embedded(chunks, task.item().id());
        tally.done(task.item().id(), task.whenStored(), chunks, null);
    }

    private static boolean isSame(Ledger.@Nullable Entry known, Ledger.Stored held) {
        return known != null
                && known.stored() != null
                && known.stored().digest().equals(held.digest());
    }

    @Override
    public void abort() {
        waiting.clear();
    }
}
