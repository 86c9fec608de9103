package dev.plinth.rag.index;

import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.VectorStore;
import java.util.List;
import java.util.Map;

/**
 * An index that remembers which version of which document its chunks come from, so that an ingestion can leave alone
 * what has not changed.
 *
 * <p>Thread-safe. A document belongs to a source, the name of the connector that brought it: sources do not touch each
 * other's documents.
 */
public interface DocumentIndex {
    /** Whose vectors the index takes. */
    VectorStore.Stamp stamp();

    /** The documents held of a source, by id, with the version they were put with. A copy. */
    Map<String, String> versions(String source);

    /**
     * Replaces all chunks of a document at once: a reader sees the old ones or the new ones.
     *
     * @param chunks may be empty: a document without text is remembered too
     */
    void putDocument(String source, String documentId, String version, List<Embedded> chunks);

    /** Removes a document and its chunks; an unknown one is passed over. */
    void removeDocument(String source, String documentId);
}
