package dev.plinth.evals;

import dev.plinth.api.check.Check;
import dev.plinth.api.score.Score;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an experiment came to.
 *
 * @param name of the experiment
 * @param suite the name of the suite
 * @param startedAt when it began
 * @param duration of all trials and their judging
 * @param cases one result per case, in the order of the suite
 */
public record ExperimentResult(
        String name, String suite, Instant startedAt, Duration duration, List<CaseResult> cases) {

    public ExperimentResult {
        Check.notBlank(name, "name");
        Check.notBlank(suite, "suite");
        Check.notNull(startedAt, "startedAt");
        Check.notNull(duration, "duration");
        cases = List.copyOf(Check.notEmpty(cases, "cases"));
    }

    /** How many cases came to what. */
    public Counts counts() {
        return Counts.of(cases.stream().map(CaseResult::verdict).toList());
    }

    /**
     * The same by the name of the evaluator, in the order of their first scores: over the cases it judged, each by the
     * worst of its trials. Errors belong to no evaluator.
     */
    public Map<String, Counts> countsByEvaluator() {
        Map<String, List<Verdict>> verdicts = new LinkedHashMap<>();
        for (CaseResult result : cases) {
            worstByEvaluator(result)
                    .forEach((name, worst) -> verdicts.computeIfAbsent(name, key -> new ArrayList<>())
                            .add(worst));
        }
        Map<String, Counts> counts = new LinkedHashMap<>();
        verdicts.forEach((name, worst) -> counts.put(name, Counts.of(worst)));
        return counts;
    }

    private static Map<String, Verdict> worstByEvaluator(CaseResult result) {
        Map<String, Verdict> worst = new LinkedHashMap<>();
        for (Trial trial : result.trials()) {
            for (Score score : trial.scores()) {
                worst.merge(score.name(), Trial.verdict(score.outcome()), Verdict::worse);
            }
        }
        return worst;
    }

    /** A report for people: the figures, then every case that did not pass, with the reasons. */
    public String toText() {
        return TextReport.of(this);
    }

    /**
     * A report for programs, see {@code docs/formats/eval-report.schema.json}. Like the text it holds inputs and
     * answers.
     */
    public String toJson() {
        return JsonReport.of(this);
    }
}
