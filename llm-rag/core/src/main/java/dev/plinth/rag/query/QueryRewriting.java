package dev.plinth.rag.query;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.RetrievalRequest;
import java.util.List;

/**
 * Lets a chat model write the question anew for a search: without chatter, with the terms a document would use. One call
 * a question. A model that says nothing of use leaves the question as it is.
 */
public final class QueryRewriting implements QueryTransform {
    private static final String TASK = """
            Rewrite the question as one short search query for a search engine over documents: leave out greetings and \
            chatter, write abbreviations out beside themselves, use the terms that a document with the answer would use. \
            Reply with the query only, on one line.""";

    private final ChatModel model;

    private QueryRewriting(ChatModel model) {
        this.model = model;
    }

    /** By this model. */
    public static QueryRewriting by(ChatModel model) {
        return new QueryRewriting(Check.notNull(model, "model"));
    }

    @Override
    public List<Search> searches(RetrievalRequest request) {
        List<String> lines = QueryPrompt.lines(model, TASK, request, "", 1);
        return List.of(Search.of(lines.isEmpty() ? request.query() : lines.get(0)));
    }
}
