package dev.plinth.api.retrieval;

/**
 * Finds the chunks that help to answer a question.
 *
 * <p>Thread-safe. Runs on the calling thread and obeys its interruption and the deadline of the request's context. All
 * errors are {@link dev.plinth.api.error.LlmException}s.
 */
public interface Retriever {

    /** What was found, best first; nothing found is an empty list, not an error. */
    Retrieval retrieve(RetrievalRequest request);

    /** Names what is searched, such as an index; of low cardinality. */
    String name();
}
