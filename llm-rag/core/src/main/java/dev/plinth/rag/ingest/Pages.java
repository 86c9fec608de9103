package dev.plinth.rag.ingest;

import java.util.ArrayList;
import java.util.List;

/** A long list as several of a size that a store, a ledger or a model takes. */
final class Pages {
    private Pages() {}

    /** Views of the list; none if it is empty. */
    static <T> List<List<T>> of(List<T> all, int size) {
        List<List<T>> pages = new ArrayList<>();
        for (int from = 0; from < all.size(); from += size) {
            pages.add(all.subList(from, Math.min(all.size(), from + size)));
        }
        return pages;
    }
}
