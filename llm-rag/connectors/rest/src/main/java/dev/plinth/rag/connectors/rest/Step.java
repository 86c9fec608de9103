package dev.plinth.rag.connectors.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.error.StoreException;
import dev.plinth.rag.text.Sha256;
import java.util.List;

/**
 * Where a list goes on. Ends lists that go in a circle: a page is compared with the one at the last power of two, so that
 * a circle of any length is seen; empty pages look alike and are only counted.
 *
 * @param next the address or the cursor of the next page; empty: the first one
 * @param pages how many pages there were
 * @param mark the hash of the items of an earlier page; may be empty
 */
record Step(String next, int pages, String mark) {
    private static final int MOST_PAGES = 100_000;

    static final Step FIRST = at("");

    /** The first page, at an address. */
    static Step at(String address) {
        return new Step(address, 0, "");
    }

    /**
     * The step after this one.
     *
     * @param page where the page after this one is
     * @param items of this page
     * @throws StoreException if that comes to no end
     */
    Step then(String page, List<JsonNode> items) {
        String hash = items.isEmpty()
                ? ""
                : Sha256.of(items.stream().map(JsonNode::toString).toList()).substring(0, 24);
        if (page.equals(next) || !hash.isEmpty() && hash.equals(mark)) {
            throw new StoreException("list: the next page is the same again (expected: another one)");
        }
        int read = pages + 1;
        if (read >= MOST_PAGES) {
            throw new StoreException("list: more than " + MOST_PAGES + " pages (expected: at most that)");
        }
        boolean marks = !hash.isEmpty() && (mark.isEmpty() || Integer.bitCount(read) == 1);
        return new Step(page, read, marks ? hash : mark);
    }
}
