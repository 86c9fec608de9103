package dev.plinth.evals;

import dev.plinth.api.score.Annotator;
import dev.plinth.api.score.Outcome;
import dev.plinth.api.score.Score;

/** The opposite. */
record Not(Evaluator evaluator) implements Evaluator {

    @Override
    public String name() {
        return "not-" + evaluator.name();
    }

    @Override
    public Score evaluate(EvalCase evalCase, String output) {
        Score score = evaluator.evaluate(evalCase, output);
        Annotator rule = score.annotator();
        if (score.outcome() == Outcome.FAIL) {
            return Verdicts.passed(name(), rule);
        }
        if (score.outcome() == Outcome.PASS) {
            return Verdicts.failed(
                    name(), rule, Verdicts.quoted(output) + " (expected: no pass by " + evaluator.name() + ")");
        }
        return Verdicts.undecided(
                name(),
                rule,
                score.label().orElse("undecided"),
                score.explanation().orElse(""));
    }
}
