package dev.plinth.rag.query;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.RetrievalRequest;
import java.util.List;

/**
 * Searches for the question, and by vector for the passage that a chat model imagines as its answer (HyDE; Gao, Ma, Lin
 * and Callan, "Precise Zero-Shot Dense Retrieval without Relevance Labels", ACL 2023). What the passage claims may be
 * wrong; it is embedded and never shown. One call a question, of no use to a search by words only.
 */
public final class HypotheticalDocument implements QueryTransform {
    private static final String TASK = """
            Write a short passage, three sentences at most, as it could stand in a document that answers the question. \
            Where you do not know a fact, write what such a passage would typically say. Reply with the passage only.""";

    private final ChatModel model;

    private HypotheticalDocument(ChatModel model) {
        this.model = model;
    }

    /** Imagined by this model. */
    public static HypotheticalDocument by(ChatModel model) {
        return new HypotheticalDocument(Check.notNull(model, "model"));
    }

    @Override
    public List<Search> searches(RetrievalRequest request) {
        Search asked = Search.of(request.query());
        String passage = QueryPrompt.cut(QueryPrompt.ask(model, TASK, request, ""));
        return passage.isEmpty() ? List.of(asked) : List.of(asked, Search.like(passage));
    }
}
