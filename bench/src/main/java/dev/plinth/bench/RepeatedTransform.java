package dev.plinth.bench;

import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.rag.query.QueryTransform;
import dev.plinth.rag.query.Search;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the same searches again of a question that comes again; says how many questions it has seen. */
final class RepeatedTransform implements QueryTransform {
    private final QueryTransform transform;
    private final Map<String, List<Search>> seen = new HashMap<>();

    RepeatedTransform(QueryTransform transform) {
        this.transform = transform;
    }

    @Override
    public List<Search> searches(RetrievalRequest request) {
        return seen.computeIfAbsent(request.query(), query -> {
            if (seen.size() % 20 == 0) {
                System.err.println("questions transformed: " + seen.size());
            }
            return transform.searches(request);
        });
    }
}
