package dev.plinth.rag.ingest;

import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.rag.index.DocumentIndex;
import dev.plinth.rag.split.Splitter;
import java.util.function.Consumer;

/**
 * Brings what a source holds into an index, and keeps it so: a document that is in the index in the same version, split
 * the same way, costs nothing; a changed one is split and embedded anew and replaced in one step; one that the source
 * no longer has is removed. What goes wrong with one document is in the report, and the run goes on.
 *
 * <pre>{@code
 * IngestReport report = Ingestion.into(index, model).run(FolderConnector.of(Path.of("docs")));
 * index.save(file);
 * }</pre>
 *
 * <p>Defaults: {@link Splitter#standard()}, 32 texts in one embedding request, no progress, at most half of the
 * documents removed by one run, a stop after 5 failures in a row.
 *
 * <p>Immutable; one run at a time for each source. Runs on the calling thread.
 */
public final class Ingestion {
    private final DocumentIndex index;
    private final EmbeddingModel model;
    private final Splitter splitter;
    private final int batchSize;
    private final double maxRemovedShare;
    private final Consumer<? super IngestProgress> progress;

    private Ingestion(Builder builder) {
        this.index = builder.index;
        this.model = builder.model;
        this.splitter = builder.splitter;
        this.batchSize = builder.batchSize;
        this.maxRemovedShare = builder.maxRemovedShare;
        this.progress = builder.progress;
    }

    /** An ingestion with the defaults. */
    public static Ingestion into(DocumentIndex index, EmbeddingModel model) {
        return builder(index, model).build();
    }

    /**
     * A builder.
     *
     * @throws IllegalArgumentException if the index holds vectors of another model
     */
    public static Builder builder(DocumentIndex index, EmbeddingModel model) {
        String held = index.stamp().model();
        Check.that(held.equals(model.info().model()), "model", model.info().model(), held + ", whose vectors are held");
        return new Builder(index, model);
    }

    /**
     * One run over everything the source lists. The connector stays open.
     *
     * @throws dev.plinth.api.error.StoreException if the source cannot be listed; nothing has changed then
     * @throws dev.plinth.api.error.CancelledException if the run is interrupted; what was stored until then stays, and
     *     the next run goes on from there
     */
    public IngestReport run(Connector connector) {
        return new IngestRun(this, connector).run();
    }

    DocumentIndex index() {
        return index;
    }

    EmbeddingModel model() {
        return model;
    }

    Splitter splitter() {
        return splitter;
    }

    int batchSize() {
        return batchSize;
    }

    double maxRemovedShare() {
        return maxRemovedShare;
    }

    Consumer<? super IngestProgress> progress() {
        return progress;
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final DocumentIndex index;
        private final EmbeddingModel model;
        private Splitter splitter = Splitter.standard();
        private int batchSize = 32;
        private double maxRemovedShare = 0.5;
        private Consumer<? super IngestProgress> progress = step -> {};

        private Builder(DocumentIndex index, EmbeddingModel model) {
            this.index = index;
            this.model = model;
        }

        /** How documents are cut. Other settings make every document a changed one. */
        public Builder splitter(Splitter splitter) {
            this.splitter = Check.notNull(splitter, "splitter");
            return this;
        }

        /** The most texts in one embedding request. */
        public Builder batchSize(int texts) {
            this.batchSize = Check.positive(texts, "batchSize");
            return this;
        }

        /**
         * The share of a source's documents, 0 to 1, that one run may remove; if more are missing, none is removed and
         * the report says so. Up to 10 may always go.
         */
        public Builder maxRemovedShare(double share) {
            this.maxRemovedShare = Check.within(share, 0, 1, "maxRemovedShare");
            return this;
        }

        /** Told after every batch and every document, on the thread of the run. */
        public Builder onProgress(Consumer<? super IngestProgress> progress) {
            this.progress = Check.notNull(progress, "progress");
            return this;
        }

        /** The ingestion. */
        public Ingestion build() {
            return new Ingestion(this);
        }
    }
}
