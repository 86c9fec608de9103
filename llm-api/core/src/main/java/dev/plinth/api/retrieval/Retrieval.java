package dev.plinth.api.retrieval;

import dev.plinth.api.check.Check;
import java.util.List;

/**
 * What a {@link Retriever} found.
 *
 * @param queries what was really searched for: the question, or what was made of it
 * @param matches best first
 */
public record Retrieval(List<String> queries, List<Match> matches) {

    public Retrieval {
        queries = List.copyOf(Check.notEmpty(queries, "queries"));
        matches = List.copyOf(Check.notNull(matches, "matches"));
    }

    /** What was found for the question as it was asked. */
    public Retrieval(String query, List<Match> matches) {
        this(List.of(Check.notNull(query, "query")), matches);
    }

    /** Names what was found, without the queries. */
    @Override
    public String toString() {
        return "Retrieval" + matches;
    }
}
