package dev.plinth.evals;

import dev.plinth.api.score.Score;

/**
 * Judges one answer.
 *
 * <p>Implementations are thread-safe. {@link Evaluators} has those that need nothing but code.
 */
public interface Evaluator {

    /** What is judged for, of low cardinality, such as {@code exact-match}; also the name of its scores. */
    String name();

    /**
     * Judges an answer.
     *
     * @param evalCase what was asked
     * @param output what was answered
     * @return undecided when the evaluator cannot tell, for instance because the case expects nothing in particular
     * @throws dev.plinth.api.error.LlmException if a model that the evaluator asks cannot be reached: an error of the
     *     run and not of the answer
     */
    Score evaluate(EvalCase evalCase, String output);
}
