package dev.plinth.rag.ingest;

import dev.plinth.api.retrieval.Ledger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the ledger is to say of a document before and after it is written. */
final class Notes {
    private Notes() {}

    /** @param before what the ledger says; null: nothing */
    static Ledger.Entry intent(Ledger.@Nullable Entry before, Ledger.Stored next) {
        return before == null
                ? new Ledger.Entry(null, next, null)
                : new Ledger.Entry(before.stored(), next, before.failure());
    }

    /**
     * After the write. If another run was here meanwhile, nobody knows which chunks are left: the next run takes out those
     * of both.
     *
     * @param now what the ledger says by now
     */
    static Ledger.Entry result(Ledger.Entry intent, Ledger.@Nullable Entry now) {
        Ledger.Stored ours = Objects.requireNonNull(intent.pending());
        if (now == null) {
            return new Ledger.Entry(null, ours, null); // removed
        }
        if (now.pending() != null && !now.pending().prefix().equals(ours.prefix())) {
            return new Ledger.Entry(ours, now.pending(), null);
        }
        Ledger.Stored held = now.stored();
        boolean foreign =
                held != null && !held.equals(intent.stored()) && !held.prefix().equals(ours.prefix());
        return new Ledger.Entry(ours, foreign ? held : null, null);
    }

    /** All chunks that the store may hold of a document. */
    static List<String> chunkIds(Ledger.@Nullable Entry entry) {
        List<String> ids = new ArrayList<>();
        if (entry != null && entry.stored() != null) {
            ids.addAll(entry.stored().chunkIds());
        }
        if (entry != null && entry.pending() != null) {
            ids.addAll(entry.pending().chunkIds());
        }
        return ids;
    }

    /**
     * The chunks that a killed run may have written and that the next note will not tell of. They have to go before it: who
     * dies behind it leaves nobody who knows of them.
     */
    static List<String> leftOver(Ledger.@Nullable Entry before, Ledger.Stored next) {
        if (before == null || before.pending() == null) {
            return List.of();
        }
        String prefix = before.pending().prefix();
        boolean told = prefix.equals(next.prefix())
                || before.stored() != null && prefix.equals(before.stored().prefix());
        return told ? List.of() : before.pending().chunkIds();
    }
}
