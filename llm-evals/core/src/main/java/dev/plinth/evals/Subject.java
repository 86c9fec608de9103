package dev.plinth.evals;

/** What is judged: a model with a prompt, a retriever with a model, a whole application. */
@FunctionalInterface
public interface Subject {

    /**
     * Answers the input of a case.
     *
     * @return the answer; may be empty
     * @throws RuntimeException if there is no answer: an error of the run and not a wrong answer
     */
    String answer(EvalCase evalCase);
}
