package dev.plinth.api.retrieval;

import dev.plinth.api.check.Check;
import java.util.List;

/**
 * What a {@link Retriever} found.
 *
 * @param query what was really searched for: the question, or what a rewriter made of it
 * @param matches best first
 */
public record Retrieval(String query, List<Match> matches) {

    public Retrieval {
        Check.notNull(query, "query");
        matches = List.copyOf(Check.notNull(matches, "matches"));
    }

    /** Names what was found, without the query. */
    @Override
    public String toString() {
        return "Retrieval" + matches;
    }
}
