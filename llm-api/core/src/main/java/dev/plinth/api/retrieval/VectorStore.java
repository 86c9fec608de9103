package dev.plinth.api.retrieval;

import dev.plinth.api.check.Check;
import java.util.Collection;
import java.util.List;

/**
 * Keeps chunks with their vectors and finds the nearest ones by cosine.
 *
 * <p>Thread-safe. A vector of another length, with a value that is not finite, or without a direction (all zero) is
 * refused with {@link IllegalArgumentException}; what the store itself cannot do, with
 * {@link dev.plinth.api.error.StoreException}.
 */
public interface VectorStore extends AutoCloseable {

    /**
     * Adds chunks; one whose id is there already is replaced, and of two with the same id the last one stays. All of them,
     * or none.
     */
    void upsert(List<Embedded> chunks);

    /** Removes the chunks of these ids; unknown ids are passed over. */
    void delete(Collection<String> ids);

    /**
     * The nearest chunks, best first, their scores being cosines from -1 to 1. As many as were asked for, if so many
     * pass the filter. An approximate store says so in its documentation.
     */
    List<Match> search(VectorQuery query);

    /** How many chunks it holds. */
    long size();

    /** Whose vectors it holds. */
    Stamp stamp();

    /** Releases what it holds. Closing twice does nothing. */
    @Override
    void close();

    /**
     * Whose vectors a store holds: vectors of different models do not compare.
     *
     * @param model name of the embedding model
     * @param dimensions length of the vectors
     */
    record Stamp(String model, int dimensions) {
        public Stamp {
            Check.notBlank(model, "model");
            Check.positive(dimensions, "dimensions");
        }
    }
}
