package dev.plinth.rag.ingest;

import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.ingest.IngestReport.Status;
import java.util.List;
import java.util.Map;

/** Takes documents out of the store and the ledger. */
final class Removal {
    private static final int LEDGER_PAGE = 500;
    private static final int ALWAYS_ALLOWED = 10;

    private final VectorStore store;
    private final Ledger ledger;
    private final double maxShare;
    private final String source;
    private final Tally tally;

    Removal(Settings settings, String source, Tally tally) {
        this.store = settings.store();
        this.ledger = settings.ledger();
        this.maxShare = settings.maxRemovedShare();
        this.source = source;
        this.tally = tally;
    }

    /** Removes those of these documents that are known. */
    void of(List<String> ids) {
        Pages.of(ids, LEDGER_PAGE).forEach(this::ofPage);
    }

    private void ofPage(List<String> ids) {
        Map<String, Ledger.Entry> known = ledger.find(source, ids);
        List<String> chunks = known.values().stream()
                .flatMap(entry -> Notes.chunkIds(entry).stream())
                .toList();
        store.delete(chunks);
        ledger.remove(source, known.keySet());
        known.keySet().forEach(id -> tally.count(id, Status.REMOVED, 0, null));
    }

    /**
     * Removes what a list of everything did not name, unless that is too much at once.
     *
     * @param anyListed whether it named anything that can be read
     */
    void ofMissing(SeenIds seen, boolean anyListed) {
        long[] counts = new long[2];
        ledger.forEachPage(source, page -> {
            counts[0] += page.size();
            counts[1] += missing(page, seen).size();
        });
        boolean allowed = anyListed && maxShare > 0 && counts[1] <= Math.max(ALWAYS_ALLOWED, maxShare * counts[0]);
        ledger.forEachPage(source, page -> {
            List<String> missing = missing(page, seen);
            if (allowed) {
                of(missing);
            } else {
                String reason = "missing with " + counts[1] + " of " + counts[0] + " documents (expected: "
                        + (anyListed ? "at most a share of " + maxShare : "any document listed") + ")";
                missing.forEach(id -> tally.count(id, Status.KEPT, 0, reason));
            }
        });
    }

    private static List<String> missing(Map<String, Ledger.Entry> page, SeenIds seen) {
        return page.keySet().stream().filter(id -> !seen.contains(id)).toList();
    }
}
