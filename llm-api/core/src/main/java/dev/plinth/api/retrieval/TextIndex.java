package dev.plinth.api.retrieval;

import java.util.Collection;
import java.util.List;

/**
 * Keeps chunks and finds those whose words fit best. A store that can search both ways implements this and
 * {@link VectorStore}.
 *
 * <p>Thread-safe. What the index itself cannot do is a {@link dev.plinth.api.error.StoreException}. A search obeys the
 * deadline of the current context and the interruption of its thread, as one of a {@link VectorStore} does.
 */
public interface TextIndex {

    /** Adds chunks; one whose id is there already is replaced, and of two with the same id the last one stays. */
    void add(List<Chunk> chunks);

    /** Removes the chunks of these ids; unknown ids are passed over. */
    void delete(Collection<String> ids);

    /** The chunks that share words with the query, best first, scores above 0. */
    List<Match> search(TextQuery query);
}
