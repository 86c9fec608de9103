package dev.plinth.rag.answer;

import dev.plinth.api.retrieval.RetrievalRequest;

/** Answers questions from what a retriever finds. Thread-safe if its parts are. */
public interface Answerer {
    /**
     * The answer to the request's query, out of the chunks it finds; of kind {@link Answer.Kind#NO_GROUNDS} when they
     * do not carry one.
     */
    Answer answer(RetrievalRequest request);

    /** The answer out of the five best chunks. */
    default Answer answer(String question) {
        return answer(RetrievalRequest.of(question, 5));
    }
}
