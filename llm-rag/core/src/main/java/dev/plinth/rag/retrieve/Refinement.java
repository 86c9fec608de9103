package dev.plinth.rag.retrieve;

import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.RetrievalRequest;
import java.util.List;

/**
 * One step of a {@link RefinedRetriever}.
 *
 * <p>Thread-safe. Runs on the calling thread; all errors are {@link dev.plinth.api.error.LlmException}s.
 */
@FunctionalInterface
public interface Refinement {

    /**
     * The matches that go on, in the order they shall have.
     *
     * @param request with the question as it was searched for, if that was one; {@code k} says how many matches are
     *     wanted in the end
     * @param matches what was found, best first; not more than the retriever's candidates
     */
    List<Match> refine(RetrievalRequest request, List<Match> matches);
}
