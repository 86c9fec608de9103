package dev.plinth.api.retrieval;

import dev.plinth.api.check.Check;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Remembers of which documents a store holds what, so that an ingestion leaves alone what has not changed, removes what
 * is gone, and goes on where a killed one stopped. A store may be its own ledger.
 *
 * <p>A document belongs to a source, the name of the connector that brought it: sources do not touch each other's
 * documents.
 *
 * <p>Thread-safe. A method that has returned has kept what it was given as safely as the store keeps its chunks. What it
 * cannot do is a {@link dev.plinth.api.error.StoreException}.
 */
public interface Ledger {

    /** What is known of these documents, by id; unknown ones are left out. */
    Map<String, Entry> find(String source, Collection<String> documentIds);

    /**
     * The documents of a source in the order of their ids.
     *
     * @param after the last id of the page before; null: from the start
     * @param limit how many at most
     */
    Map<String, Entry> list(String source, @Nullable String after, int limit);

    /** Goes through all documents of a source in the order of their ids, a page at a time; the work may change them. */
    default void forEachPage(String source, Consumer<? super Map<String, Entry>> work) {
        int limit = 500;
        String after = null;
        Map<String, Entry> page;
        do {
            page = list(source, after, limit);
            for (String id : page.keySet()) {
                after = id;
            }
            work.accept(page);
        } while (page.size() == limit);
    }

    /** Writes what is known of documents, by id, over what was known: all of them, or none. */
    void put(String source, Map<String, Entry> entries);

    /** Forgets documents; unknown ones are passed over. */
    void remove(String source, Collection<String> documentIds);

    /** The sources of which documents or a cursor are known, sorted. */
    Set<String> sources();

    /** Where the next list of changes of a source starts, see {@link Connector.Page#since}. */
    Optional<Checkpoint> checkpoint(String source);

    /** Remembers that a source was gone through. */
    void checkpoint(String source, Checkpoint checkpoint);

    /**
     * When a source was gone through last.
     *
     * @param cursor where the next list of changes starts; null: the source can only list everything
     * @param at when
     */
    record Checkpoint(@Nullable String cursor, Instant at) {
        public Checkpoint {
            Check.notNull(at, "at");
        }
    }

    /**
     * What is known of a document; at least one of the three.
     *
     * @param stored what the store holds of it; null: nothing
     * @param pending what was about to be written when the entry was; the store may hold all of it, some or none. Null:
     *     nothing
     * @param failure what went wrong last, since it was stored; null: nothing
     */
    record Entry(
            @Nullable Stored stored,
            @Nullable Stored pending,
            @Nullable Failure failure) {
        public Entry {
            Check.that(
                    stored != null || pending != null || failure != null,
                    "entry",
                    "empty",
                    "stored, pending or failed");
        }
    }

    /**
     * A version of a document in the store.
     *
     * @param version of the document and of the way it is split
     * @param digest of all that its chunks are made from: another version with the same digest needs no work
     * @param prefix of the ids of its chunks, a number from 1 to {@code chunks} following
     * @param chunks how many
     * @param at when it was written
     */
    record Stored(String version, String digest, String prefix, int chunks, Instant at) {
        public Stored {
            Check.notBlank(version, "version");
            Check.notBlank(digest, "digest");
            Check.notBlank(prefix, "prefix");
            Check.that(chunks >= 0, "chunks", chunks, ">= 0");
            Check.notNull(at, "at");
        }

        /** The ids of its chunks. */
        public List<String> chunkIds() {
            List<String> ids = new ArrayList<>(chunks);
            for (int number = 1; number <= chunks; number++) {
                ids.add(prefix + number);
            }
            return ids;
        }
    }

    /**
     * Why a version of a document is not in the store.
     *
     * @param version of the document and of the way it is split
     * @param cause for people; no content of the document
     * @param times how often this version has failed
     * @param at when it failed last
     */
    record Failure(String version, String cause, int times, Instant at) {
        public Failure {
            Check.notBlank(version, "version");
            Check.notBlank(cause, "cause");
            Check.positive(times, "times");
            Check.notNull(at, "at");
        }
    }
}
