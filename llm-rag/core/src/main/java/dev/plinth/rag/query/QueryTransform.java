package dev.plinth.rag.query;

import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.RetrievalRequest;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes of a question the searches that are run for it.
 *
 * <p>Whoever may read what is none of its business: the filter of the request and the names of the caller go into every
 * search, whatever it makes. Thread-safe. Runs on the calling thread; errors are those of the models it asks.
 */
@FunctionalInterface
public interface QueryTransform {

    /** The searches, at least one with words; what they find is joined by reciprocal rank fusion. */
    List<Search> searches(RetrievalRequest request);

    /** The question as it was asked. */
    static QueryTransform none() {
        return request -> List.of(Search.of(request.query()));
    }

    /**
     * This first, then the other one for the words of each search: such as a {@link HistoryCompression} before a
     * {@link MultiQuery}. A search without words stays as it is.
     */
    default QueryTransform then(QueryTransform next) {
        Check.notNull(next, "next");
        return request -> searches(request).stream()
                .flatMap(search -> search.words() == null
                        ? Stream.of(search)
                        : next.searches(request.asking(search.words())).stream())
                .distinct()
                .toList();
    }
}
