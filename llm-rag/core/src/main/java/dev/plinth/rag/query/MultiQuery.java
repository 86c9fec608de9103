package dev.plinth.rag.query;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.RetrievalRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * Searches for the question and for other wordings of it that a chat model writes. One call a question, and as many
 * searches as there are wordings.
 */
public final class MultiQuery implements QueryTransform {
    private final ChatModel model;
    private final int wordings;

    private MultiQuery(ChatModel model, int wordings) {
        this.model = model;
        this.wordings = wordings;
    }

    /** By this model, with 3 wordings beside the question. */
    public static MultiQuery by(ChatModel model) {
        return new MultiQuery(Check.notNull(model, "model"), 3);
    }

    /** The same with this many wordings beside the question at most. */
    public MultiQuery wordings(int wordings) {
        return new MultiQuery(model, Check.positive(wordings, "wordings"));
    }

    @Override
    public List<Search> searches(RetrievalRequest request) {
        String task = "Write the question in " + wordings + " other ways, each with other words for the same thing, so "
                + "that a search finds documents that use them. Reply with the questions only, one on each line.";
        List<Search> searches = new ArrayList<>(List.of(Search.of(request.query())));
        for (String wording : QueryPrompt.lines(model, task, request, "", wordings)) {
            if (!wording.equals(request.query())) {
                searches.add(Search.of(wording));
            }
        }
        return searches;
    }
}
