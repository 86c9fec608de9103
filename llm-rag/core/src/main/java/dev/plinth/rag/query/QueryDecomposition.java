package dev.plinth.rag.query;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.RetrievalRequest;
import java.util.List;

/**
 * Lets a chat model cut a question that asks for several things into one question for each, and searches for each. One
 * call a question. A question that cannot be cut stays as it is.
 */
public final class QueryDecomposition implements QueryTransform {
    private final ChatModel model;
    private final int parts;

    private QueryDecomposition(ChatModel model, int parts) {
        this.model = model;
        this.parts = parts;
    }

    /** By this model, into 4 parts at most. */
    public static QueryDecomposition by(ChatModel model) {
        return new QueryDecomposition(Check.notNull(model, "model"), 4);
    }

    /** The same into this many parts at most. */
    public QueryDecomposition parts(int parts) {
        return new QueryDecomposition(model, Check.positive(parts, "parts"));
    }

    @Override
    public List<Search> searches(RetrievalRequest request) {
        String task = "If the question needs several facts that stand in different places, cut it into at most " + parts
                + " questions that each need one of them and can be understood alone. If it needs one fact only, repeat "
                + "it unchanged. Reply with the questions only, one on each line.";
        List<String> lines = QueryPrompt.lines(model, task, request, "", parts);
        return lines.isEmpty()
                ? List.of(Search.of(request.query()))
                : lines.stream().map(Search::of).toList();
    }
}
