package dev.plinth.api.retrieval;

import dev.plinth.api.check.Check;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the documents of a source, such as a folder or a wiki, and knows what has changed. Never writes to the source.
 *
 * <p>{@link #list} is called by one thread at a time, {@link #fetch} by several at once. Both obey the interruption of
 * their thread. A source that cannot be reached at all is a {@link dev.plinth.api.error.StoreException} of {@code list};
 * one broken document is one of {@code fetch}, and the ingestion goes on. What the source asks to wait for is waited for;
 * credentials that are refused are an {@link dev.plinth.api.error.AuthenticationException} of either.
 */
public interface Connector extends AutoCloseable {

    /** Names the source, stable over runs. */
    String name();

    /**
     * Lists the next items.
     *
     * @param cursor {@link Page#next} of the page before, or {@link Page#since} of an earlier listing to be told what has
     *     changed since; null, or one that the source does not know any more: everything, from the start
     */
    Page list(@Nullable String cursor);

    /**
     * Reads one item, with those who may read it. It may be newer than the version that was listed.
     *
     * @throws dev.plinth.api.error.LlmException if it cannot be read; {@link dev.plinth.api.error.LlmException#isRetryable
     *     retryable} where the source is the cause and not the item, such as a server that is down: an ingestion leaves
     *     documents alone for failures of their own only
     */
    Document fetch(Item item);

    /**
     * Changes when the same version of an item becomes another document, as with other {@link Readers} by default: an
     * ingestion then reads everything anew, and lists everything. No secrets. Empty, the default: it never does.
     */
    default String fingerprint() {
        return "";
    }

    /** Releases what it holds. Closing twice does nothing. */
    @Override
    void close();

    /**
     * Something the source holds.
     *
     * @param id stable over runs and unique within the source; the id of the document
     * @param version changes whenever the content, or who may read it, does, such as a hash or a time stamp
     */
    record Item(String id, String version) {
        public Item {
            Check.notBlank(id, "id");
            Check.notBlank(version, "version");
        }
    }

    /**
     * Something the source holds, but that cannot be listed as an item.
     *
     * @param id what it is called
     * @param reason why not, for people
     */
    record Skipped(String id, String reason) {
        public Skipped {
            Check.notBlank(id, "id");
            Check.notBlank(reason, "reason");
        }
    }

    /**
     * A part of the list.
     *
     * @param items in an order that does not change
     * @param removed ids of what the source no longer has, where it tells
     * @param skipped what was passed over
     * @param next where the next page starts; null: this is the last one
     * @param since where a later list of changes starts, on the last page; null: the source can only list everything
     * @param complete whether the pages together name all that the source holds, so that what is absent is gone; false in
     *     a list of changes
     * @param total how many items the whole list has, for a progress bar; -1 when it is not known
     */
    record Page(
            List<Item> items,
            List<String> removed,
            List<Skipped> skipped,
            @Nullable String next,
            @Nullable String since,
            boolean complete,
            long total) {
        public Page {
            items = List.copyOf(Check.notNull(items, "items"));
            removed = List.copyOf(Check.notNull(removed, "removed"));
            skipped = List.copyOf(Check.notNull(skipped, "skipped"));
            Check.that(next == null || since == null, "since", since, "null on a page that has a next one");
            Check.that(total >= -1, "total", total, ">= -1");
        }

        /** Everything at once, from a source that can only list everything. */
        public static Page all(List<Item> items, List<Skipped> skipped) {
            return new Page(items, List.of(), skipped, null, null, true, items.size());
        }
    }
}
