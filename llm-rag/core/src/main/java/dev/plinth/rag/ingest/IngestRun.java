package dev.plinth.rag.ingest;

import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.rag.ingest.DocumentBatch.Task;
import dev.plinth.rag.ingest.IngestReport.Outcome;
import dev.plinth.rag.ingest.IngestReport.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of an {@link Ingestion}: lists the source page by page, hands what needs work to a crew, and removes what is
 * gone. What it holds at once is a page of the list, what the crew holds, two hashes of 64 bits for each id listed, and the
 * documents that failed before: those are tried last, so that they stand in nobody's way.
 *
 * <p>A list that takes long may name a document twice: in a later version, or again after it was removed. It is brought in
 * as often, and counts as often.
 */
final class IngestRun {
    private static final int LEDGER_PAGE = 500;

    private final Settings settings;
    private final Source source;
    private final String name;
    private final Ledger ledger;
    private final boolean quarantine;
    private final Tally tally;
    private final Failures failures;
    private final Crew crew;
    private final Removal removal;
    private final SeenIds seen = new SeenIds();
    private final Map<String, Task> failedBefore = new LinkedHashMap<>();
    private boolean anyListed;

    private IngestRun(
            Settings settings,
            Source source,
            @Nullable Workers workers,
            boolean quarantine,
            Tally tally,
            Failures failures) {
        this.settings = settings;
        this.source = source;
        this.name = source.name();
        this.ledger = settings.ledger();
        this.quarantine = quarantine;
        this.tally = tally;
        this.failures = failures;
        this.removal = new Removal(settings, name, tally);
        this.crew = workers == null
                ? new LaneCrew(settings, source, tally, failures)
                : new WorkerCrew(settings, workers, name, tally, failures);
    }

    /** Brings in what has changed since the last run, where the source can tell, else everything it lists. */
    static IngestReport run(Settings settings, Source source) {
        String start =
                settings.ledger().checkpoint(source.name()).map(source::start).orElse(null);
        return over(settings, source, true).run(start);
    }

    /** Brings in everything that the source lists, and leaves nothing alone, however often it has failed. */
    static IngestReport runFully(Settings settings, Source source) {
        return over(settings, source, false).run(null);
    }

    private static IngestRun over(Settings settings, Source source, boolean quarantine) {
        Tally tally = new Tally(settings.progress(), settings.outcomes());
        Failures failures = new Failures(settings, source.name(), tally, false);
        return new IngestRun(settings, source, settings.workers(), quarantine, tally, failures);
    }

    /** Brings these items in, here: a share of a run elsewhere, which knows what to leave alone. */
    static List<Outcome> share(Settings settings, Source source, List<Connector.Item> items) {
        List<Outcome> outcomes = new ArrayList<>();
        Tally tally = new Tally(step -> {}, outcomes::add);
        Failures failures = new Failures(settings, source.name(), tally, true);
        IngestRun run = new IngestRun(settings, source, null, false, tally, failures);
        return run.orAbort(() -> {
            run.take(items, -1);
            run.finish();
            return outcomes;
        });
    }

    /** @param start where the list starts; null: from the start */
    private IngestReport run(@Nullable String start) {
        return orAbort(() -> {
            Connector.Page last = bringIn(start);
            finish();
            if (last.complete()) {
                removal.ofMissing(seen, anyListed);
            }
            IngestReport report = tally.report(name);
            if (failures.allNoted()) {
                remember(last, last.complete() || start != null);
            }
            return report;
        });
    }

    /** @param toTheEnd whether the source was gone through; where changes start it may tell all the same */
    private void remember(Connector.Page last, boolean toTheEnd) {
        if (toTheEnd || last.since() != null) {
            Instant now = settings.time().now();
            Instant at = toTheEnd
                    ? now
                    : ledger.checkpoint(name).map(Ledger.Checkpoint::at).orElse(now);
            source.reached(last, at).ifPresent(checkpoint -> ledger.checkpoint(name, checkpoint));
        }
    }

    private <T> T orAbort(Supplier<T> work) {
        try {
            return work.get();
        } catch (ListenerFailure failure) {
            crew.abort();
            throw failure.thrown();
        } catch (Throwable thrown) {
            crew.abort();
            throw thrown;
        }
    }

    /** Tries what failed before and waits until all that was handed out is done. */
    private void finish() {
        Pages.of(List.copyOf(failedBefore.values()), LEDGER_PAGE).forEach(crew::take);
        crew.join();
    }

    private Connector.Page bringIn(@Nullable String start) {
        String cursor = start;
        while (true) {
            Connector.Page page = source.list(cursor);
            page.skipped().forEach(this::skip);
            take(page.items(), page.total());
            remove(page.removed());
            if (page.next() == null) {
                if (!page.complete()) {
                    retryUnfinished();
                }
                return page;
            }
            cursor = page.next();
        }
    }

    /** What the source says is gone; a lane may still be bringing it in. */
    private void remove(List<String> ids) {
        if (!ids.isEmpty()) {
            forget(ids);
            crew.join();
            ids.forEach(seen::add);
            removal.of(ids);
        }
    }

    private void skip(Connector.Skipped skipped) {
        if (seen.add(skipped.id())) {
            tally.skipped(skipped.id(), skipped.reason());
        }
    }

    private void take(List<Connector.Item> listed, long total) {
        Map<String, Connector.Item> last = new LinkedHashMap<>();
        listed.forEach(item -> last.put(item.id(), item));
        List<Connector.Item> first = new ArrayList<>();
        List<Connector.Item> again = new ArrayList<>();
        for (Connector.Item item : last.values()) {
            boolean before = seen.contains(item.id());
            if (seen.add(item.id(), item.version())) {
                (before ? again : first).add(item);
            }
        }
        anyListed |= !listed.isEmpty();
        tally.listed(first.size() + again.size(), total);
        Pages.of(first, LEDGER_PAGE).forEach(this::handOut);
        if (!again.isEmpty()) {
            forget(again.stream().map(Connector.Item::id).toList());
            crew.join(); // the earlier version may be on its way
            Pages.of(again, LEDGER_PAGE).forEach(this::handOut);
        }
    }

    /** What was put off and is named anew, or gone, need not be tried as it was. */
    private void forget(List<String> ids) {
        int before = failedBefore.size();
        ids.forEach(failedBefore::remove);
        tally.listed(failedBefore.size() - before, -1);
    }

    private void handOut(List<Connector.Item> items) {
        Map<String, Ledger.Entry> known =
                ledger.find(name, items.stream().map(Connector.Item::id).toList());
        List<Task> tasks = new ArrayList<>();
        for (Connector.Item item : items) {
            Task task = new Task(item, source.versionOf(item), known.get(item.id()));
            if (isDone(task)) {
                continue;
            }
            if (task.failedBefore()) {
                failedBefore.put(item.id(), task);
            } else {
                tasks.add(task);
            }
        }
        crew.take(tasks);
    }

    /** Whether nothing has to be done: the store holds this version, or it has failed too often. */
    private boolean isDone(Task task) {
        Ledger.Entry known = task.known();
        if (known == null) {
            return false;
        }
        Ledger.Stored stored = known.stored();
        if (known.pending() == null
                && known.failure() == null
                && stored != null
                && stored.version().equals(task.version())) {
            tally.done(task.item().id(), Status.UNCHANGED, 0, null);
            return true;
        }
        Ledger.Failure failure = known.failure();
        if (quarantine && failure != null && task.failedBefore() && failure.times() >= settings.quarantineAfter()) {
            tally.done(task.item().id(), Status.QUARANTINED, 0, failure.cause());
            return true;
        }
        return false;
    }

    /** A list of changes names what has changed since, not what could not be brought in then. */
    private void retryUnfinished() {
        ledger.forEachPage(name, page -> {
            List<Connector.Item> items = new ArrayList<>();
            page.forEach((id, entry) -> {
                String version = unfinished(entry);
                if (version != null && seen.add(id)) {
                    items.add(source.itemOf(id, version));
                }
            });
            tally.listed(items.size(), -1);
            handOut(items);
        });
    }

    /** The version of a document that failed, or was being written when a run was killed. */
    private static @Nullable String unfinished(Ledger.Entry entry) {
        if (entry.failure() != null) {
            return entry.failure().version();
        }
        return entry.pending() == null ? null : entry.pending().version();
    }
}
