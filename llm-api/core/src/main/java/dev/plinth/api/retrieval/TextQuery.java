package dev.plinth.api.retrieval;

import dev.plinth.api.check.Check;

/**
 * A search by words.
 *
 * @param text not blank
 * @param k how many to find at most
 * @param filter which chunks may be found, applied before the best {@code k} are taken
 */
public record TextQuery(String text, int k, Filter filter) {

    public TextQuery {
        Check.notBlank(text, "text");
        Check.positive(k, "k");
        Check.notNull(filter, "filter");
    }

    /** A search over everything. */
    public TextQuery(String text, int k) {
        this(text, k, Filter.all());
    }

    /** Names what is asked for, without the text. */
    @Override
    public String toString() {
        return "TextQuery[k=" + k + ", " + filter + "]";
    }
}
