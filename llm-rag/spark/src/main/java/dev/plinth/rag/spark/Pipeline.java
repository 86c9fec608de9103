package dev.plinth.rag.spark;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.rag.ingest.Ingestion;
import java.util.ArrayList;
import java.util.List;

/**
 * A source and the ingestion of its documents, opened in one process, and what is to be closed with it.
 *
 * <pre>{@code
 * Pipeline.of(FolderConnector.of(Path.of("/mnt/docs")), Ingestion.builder(index, model)).closing(model, index)
 * }</pre>
 */
public final class Pipeline implements AutoCloseable {
    private final Connector connector;
    private final Ingestion.Builder ingestion;
    private final List<AutoCloseable> resources;

    private Pipeline(Connector connector, Ingestion.Builder ingestion, List<AutoCloseable> resources) {
        this.connector = connector;
        this.ingestion = ingestion;
        this.resources = resources;
    }

    /**
     * Brings the documents of this source in.
     *
     * @param connector is closed with the pipeline; reads an item that another process has listed
     * @param ingestion into a store and a ledger that all processes share
     */
    public static Pipeline of(Connector connector, Ingestion.Builder ingestion) {
        return new Pipeline(Check.notNull(connector, "connector"), Check.notNull(ingestion, "ingestion"), List.of());
    }

    /** The same with more that is to be closed after it, in this order, such as a model and a store. */
    public Pipeline closing(AutoCloseable... more) {
        List<AutoCloseable> all = new ArrayList<>(resources);
        all.addAll(List.of(more));
        return new Pipeline(connector, ingestion, List.copyOf(all));
    }

    Connector connector() {
        return connector;
    }

    Ingestion.Builder ingestion() {
        return ingestion;
    }

    /** Closes the connector, then the rest; all of it, even if one cannot be closed. */
    @Override
    public void close() {
        List<AutoCloseable> all = new ArrayList<>();
        all.add(connector);
        all.addAll(resources);
        StoreException failed = null;
        for (AutoCloseable one : all) {
            try {
                one.close();
            } catch (Exception exception) {
                if (failed == null) {
                    failed = new StoreException("pipeline: cannot be closed", ErrorDetails.NONE, exception);
                } else {
                    failed.addSuppressed(exception);
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
