package dev.plinth.rag.ingest;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Ledger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a run takes chunks from. {@link #list} is called by one thread, {@link #read} by several at once. */
interface Source {
    /**
     * A document, cut.
     *
     * @param digest of all that the chunks are made from
     * @param prefix of the ids of the chunks, which are numbered from 1 behind it
     */
    record Split(String digest, String prefix, List<Chunk> chunks) {}

    String name();

    /** Where the next run starts after this checkpoint; null: everything has to be listed. */
    @Nullable
    String start(Ledger.Checkpoint last);

    /** Behaves like {@link Connector#list}. */
    Connector.Page list(@Nullable String cursor);

    /**
     * The checkpoint to remember when all of a list is stored or noted.
     *
     * @param last the page that ends it
     * @param at when it was gone through
     * @return empty: none
     */
    Optional<Ledger.Checkpoint> reached(Connector.Page last, Instant at);

    /** What the ledger calls the version of a listed item: that of its content and of the way it is cut. */
    String versionOf(Connector.Item item);

    /** The item of a version in the ledger. */
    Connector.Item itemOf(String id, String version);

    Split read(Connector.Item item);
}
