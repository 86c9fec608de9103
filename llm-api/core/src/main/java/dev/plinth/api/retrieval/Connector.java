package dev.plinth.api.retrieval;

import dev.plinth.api.check.Check;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the documents of a source, such as a folder, and knows what has changed.
 *
 * <p>Used by one ingestion at a time. A source that cannot be reached at all is a
 * {@link dev.plinth.api.error.StoreException} of {@link #list}; one broken document is one of {@link #fetch}, and the
 * ingestion goes on.
 */
public interface Connector extends AutoCloseable {

    /** Names the source, stable over runs. */
    String name();

    /**
     * Lists the next items.
     *
     * @param cursor of the page before; null: from the start
     */
    Page list(@Nullable String cursor);

    /** Reads one item. */
    Document fetch(Item item);

    /** Releases what it holds. Closing twice does nothing. */
    @Override
    void close();

    /**
     * Something the source holds.
     *
     * @param id stable over runs and unique within the source; the id of the document
     * @param version changes whenever the content does, such as a hash or a time stamp
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
     * @param skipped what was passed over
     * @param next where the next page starts; null: this is the last one
     */
    record Page(
            List<Item> items,
            List<Skipped> skipped,
            @Nullable String next) {
        public Page {
            items = List.copyOf(Check.notNull(items, "items"));
            skipped = List.copyOf(Check.notNull(skipped, "skipped"));
        }
    }
}
