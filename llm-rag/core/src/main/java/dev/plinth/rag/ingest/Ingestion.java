package dev.plinth.rag.ingest;

import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.time.TimeSource;
import dev.plinth.rag.ingest.IngestReport.Outcome;
import dev.plinth.rag.split.Splitter;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings what a source holds into a store, and keeps it so: a document that is there in the same version, split the same
 * way, costs nothing; a changed one is split and embedded anew and replaced in one step; one that the source no longer
 * has is removed. What goes wrong with one document is in the report, and the run goes on. A run that was killed, at any
 * moment, is taken up by the next one: nothing is lost, doubled or out of date after it.
 *
 * <pre>{@code
 * IngestReport report = Ingestion.into(index, model).run(FolderConnector.of(Path.of("docs")));
 * }</pre>
 *
 * <p>Defaults: {@link Splitter#standard()}, 32 texts in one embedding request, one document after the other on the
 * calling thread, at most half of the documents removed by one run because they are no longer listed (up to 10 may always
 * go, but none if nothing is listed), a document left alone after it failed 3 times, at most 20,000 chunks of a document,
 * a stop after 5 failures in a row of the model or the store.
 *
 * <p>Memory is bounded: a page of the source's list, for each lane one batch of chunks with the documents they are from,
 * 64 bytes at most for each document listed, and the versions of those that failed before, which are tried last.
 *
 * <p>Immutable; one run at a time for each source, see {@link #run}.
 */
public final class Ingestion {
    private final Settings settings;

    private Ingestion(Settings settings) {
        this.settings = settings;
    }

    /** An ingestion with the defaults, into a store that is its own ledger. */
    public static <S extends VectorStore & Ledger> Ingestion into(S store, EmbeddingModel model) {
        return builder(store, model).build();
    }

    /**
     * A builder for a store that is its own ledger.
     *
     * @throws IllegalArgumentException if the store holds vectors of another model or length
     */
    public static <S extends VectorStore & Ledger> Builder builder(S store, EmbeddingModel model) {
        return new Builder(store, store, model);
    }

    /**
     * A builder for a store and a ledger elsewhere. The store must keep what it is given, or the ledger remembers what is
     * not there.
     *
     * @throws IllegalArgumentException if the store holds vectors of another model or length
     */
    public static Builder builder(VectorStore store, Ledger ledger, EmbeddingModel model) {
        return new Builder(store, ledger, model);
    }

    /**
     * Brings in what has changed since the last run, where the source can tell, else everything it lists. The connector
     * stays open.
     *
     * <p>A source must be brought in by one run at a time, over all processes. If two overlap and bring in two versions of
     * one document at the same moment, the index may hold the chunks of both, or the older ones. A run that sees that
     * another one was there notes it in the ledger, and the next run repairs the document; a ledger cannot compare and
     * set, so it may also go unseen, and then stays so until the document changes and, for what is left over, for good.
     *
     * @throws dev.plinth.api.error.StoreException if the source cannot be listed, or the ledger cannot be read or written;
     *     what was stored until then stays
     * @throws dev.plinth.api.error.AuthenticationException if the source refuses its credentials
     * @throws dev.plinth.api.error.CancelledException if the run is interrupted; what was stored until then stays, and
     *     the next run goes on from there
     */
    public IngestReport run(Connector connector) {
        return IngestRun.run(settings, source(connector));
    }

    /**
     * The same over everything the source lists, whatever it told before: removes what a source that only tells of
     * changes has lost without a word, and tries again what was left alone after it had failed too often.
     */
    public IngestReport runFully(Connector connector) {
        return IngestRun.runFully(settings, source(connector));
    }

    /**
     * Brings in these items only, here, whatever {@link Builder#workers} says: a share of a run that is spread over
     * several processes, which tells its own listeners. What is in the store already in the same version costs nothing.
     *
     * @param connector is not asked to list anything
     * @param items as {@link Connector#list} gave them
     * @return what became of each of them
     * @throws dev.plinth.api.error.AuthenticationException if the source refuses its credentials
     * @throws dev.plinth.api.error.CancelledException if it is interrupted; what was stored until then stays
     */
    public List<Outcome> bringIn(Connector connector, List<Connector.Item> items) {
        return IngestRun.share(settings, source(connector), items);
    }

    private Source source(Connector connector) {
        return new ConnectorSource(connector, settings.splitter(), settings.maxChunks());
    }

    Settings settings() {
        return settings;
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final VectorStore store;
        private final Ledger ledger;
        private final EmbeddingModel model;
        private Splitter splitter = Splitter.standard();
        private int batchSize = 32;
        private int maxChunks = 20_000;
        private double maxRemovedShare = 0.5;
        private int quarantineAfter = 3;
        private int lanes = 1;
        private Executor executor = Runnable::run;
        private int documentsAtOnce;
        private @Nullable Workers workers;
        private TimeSource time = TimeSource.system();
        private Consumer<? super IngestProgress> progress = step -> {};
        private Consumer<? super Outcome> outcomes = outcome -> {};

        private Builder(VectorStore store, Ledger ledger, EmbeddingModel model) {
            VectorStore.Stamp held = store.stamp();
            Check.that(
                    held.model().equals(model.info().model()),
                    "model",
                    model.info().model(),
                    held.model() + ", whose vectors are held");
            int dimensions = model.dimensions().orElse(held.dimensions());
            Check.that(
                    dimensions == held.dimensions(),
                    "dimensions",
                    dimensions,
                    held.dimensions() + ", as of the vectors that are held");
            this.store = store;
            this.ledger = Check.notNull(ledger, "ledger");
            this.model = model;
        }

        /** How documents are cut. Another one makes every document a changed one. */
        public Builder splitter(Splitter splitter) {
            this.splitter = Check.notNull(splitter, "splitter");
            return this;
        }

        /** The most texts in one embedding request, and about how many chunks are written together. */
        public Builder batchSize(int texts) {
            this.batchSize = Check.positive(texts, "batchSize");
            return this;
        }

        /** The most chunks of one document, which are written together; one with more fails. */
        public Builder maxChunks(int chunks) {
            this.maxChunks = Check.positive(chunks, "maxChunks");
            return this;
        }

        /**
         * The share of a source's documents, 0 to 1, that may be removed because a run no longer found them listed; if
         * more are missing, none is removed and the report says so. Up to 10 may always go, except that nothing does if
         * the share is 0, or if the source listed no document at all. What the source itself says was removed goes in any
         * case.
         */
        public Builder maxRemovedShare(double share) {
            this.maxRemovedShare = Check.within(share, 0, 1, "maxRemovedShare");
            return this;
        }

        /**
         * How often one version of a document may fail before it is left alone: cannot be read, is refused by the model or
         * the store for what it is, or is what they fail on while other documents of the run get through.
         */
        public Builder quarantineAfter(int times) {
            this.quarantineAfter = Check.positive(times, "quarantineAfter");
            return this;
        }

        /**
         * Several documents side by side.
         *
         * @param lanes how many batches of documents at once
         * @param executor runs them; stays open
         */
        public Builder parallel(int lanes, Executor executor) {
            this.lanes = Check.positive(lanes, "lanes");
            this.executor = Check.notNull(executor, "executor");
            return this;
        }

        /**
         * Documents are brought in elsewhere, not in this process.
         *
         * @param documents how many the workers get at once, at most about 500 more; they are held in memory meanwhile
         */
        public Builder workers(int documents, Workers workers) {
            this.documentsAtOnce = Check.positive(documents, "documents");
            this.workers = Check.notNull(workers, "workers");
            return this;
        }

        /** Where the time comes from. */
        public Builder time(TimeSource time) {
            this.time = Check.notNull(time, "time");
            return this;
        }

        /**
         * Told after every batch and every document, one event at a time, on the threads of the run. What it throws ends
         * the run.
         */
        public Builder onProgress(Consumer<? super IngestProgress> progress) {
            this.progress = Check.notNull(progress, "progress");
            return this;
        }

        /**
         * Told what became of every document, one at a time, on the threads of the run. What it throws ends the run.
         */
        public Builder onOutcome(Consumer<? super Outcome> outcomes) {
            this.outcomes = Check.notNull(outcomes, "outcomes");
            return this;
        }

        /** The ingestion. */
        public Ingestion build() {
            return new Ingestion(new Settings(
                    store,
                    ledger,
                    model,
                    splitter,
                    batchSize,
                    maxChunks,
                    maxRemovedShare,
                    quarantineAfter,
                    lanes,
                    executor,
                    documentsAtOnce,
                    workers,
                    time,
                    progress,
                    outcomes));
        }
    }
}
