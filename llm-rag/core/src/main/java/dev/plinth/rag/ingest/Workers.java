package dev.plinth.rag.ingest;

import dev.plinth.api.retrieval.Connector;
import dev.plinth.rag.ingest.IngestReport.Outcome;
import java.util.List;

/**
 * Brings documents in elsewhere, such as on the machines of a cluster: {@link Ingestion.Builder#workers}. The run that
 * hands them out lists the source, removes what is gone and counts; a worker calls {@link Ingestion#bringIn} with its
 * share.
 */
public interface Workers {

    /**
     * Brings these documents in and returns when that is over. Called by one thread at a time.
     *
     * <p>A share may be tried again after a worker died, or twice at once: a document that is in the store already costs
     * nothing.
     *
     * @return what became of each of them, once, in any order
     * @throws dev.plinth.api.error.LlmException if it cannot be done; what was brought in until then stays
     */
    List<Outcome> bringIn(List<Connector.Item> items);
}
