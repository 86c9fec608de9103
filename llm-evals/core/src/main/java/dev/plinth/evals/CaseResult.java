package dev.plinth.evals;

import dev.plinth.api.check.Check;
import java.util.List;

/**
 * All answers to one case.
 *
 * @param trials one per repeat
 */
public record CaseResult(EvalCase evalCase, List<Trial> trials) {

    public CaseResult {
        Check.notNull(evalCase, "evalCase");
        trials = List.copyOf(Check.notEmpty(trials, "trials"));
    }

    /** The worst of the trials: a case passes when it passes every time. */
    public Verdict verdict() {
        return trials.stream().map(Trial::verdict).reduce(Verdict.PASS, Verdict::worse);
    }

    /** How many of the trials passed. */
    public int passedTrials() {
        return (int)
                trials.stream().filter(trial -> trial.verdict() == Verdict.PASS).count();
    }
}
