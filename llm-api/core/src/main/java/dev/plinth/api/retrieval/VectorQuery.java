package dev.plinth.api.retrieval;

import dev.plinth.api.check.Check;

/**
 * A search by vector.
 *
 * @param vector of the store's length, finite, not all zero
 * @param k how many to find at most
 * @param filter which chunks may be found, applied before the best {@code k} are taken
 */
public record VectorQuery(float[] vector, int k, Filter filter) {

    public VectorQuery {
        Check.notNull(vector, "vector");
        Check.positive(k, "k");
        Check.notNull(filter, "filter");
    }

    /** A search over everything. */
    public VectorQuery(float[] vector, int k) {
        this(vector, k, Filter.all());
    }

    @Override
    public String toString() {
        return "VectorQuery[" + vector.length + " dimensions, k=" + k + ", " + filter + "]";
    }
}
