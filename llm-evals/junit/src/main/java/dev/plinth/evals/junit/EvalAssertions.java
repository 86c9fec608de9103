package dev.plinth.evals.junit;

import dev.plinth.api.check.Check;
import dev.plinth.api.score.Outcome;
import dev.plinth.api.score.Score;
import dev.plinth.evals.EvalCase;
import dev.plinth.evals.Evaluator;
import dev.plinth.evals.ExperimentResult;
import dev.plinth.evals.Proportion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.opentest4j.AssertionFailedError;

/** Assertions on answers and on experiments. */
public final class EvalAssertions {

    private EvalAssertions() {}

    /**
     * Asserts that all evaluators of the case, and those given here, pass the answer. Undecided is not a pass: it fails
     * as well, and says so.
     *
     * @throws AssertionFailedError if one of them fails or cannot tell
     * @throws IllegalArgumentException if there is no evaluator at all
     */
    public static void assertPasses(EvalCase evalCase, String output, Evaluator... more) {
        Check.notNull(evalCase, "evalCase");
        Check.notNull(output, "output");
        List<Evaluator> evaluators = new ArrayList<>(evalCase.evaluators());
        evaluators.addAll(List.of(more));
        Check.that(!evaluators.isEmpty(), "evaluators", "none for case " + evalCase.id(), "at least one");

        List<Score> open = new ArrayList<>();
        for (Evaluator evaluator : evaluators) {
            Score score = evaluator.evaluate(evalCase, output);
            if (score.outcome() != Outcome.PASS) {
                open.add(score);
            }
        }
        if (!open.isEmpty()) {
            throw failure(evalCase, output, open, evaluators.size());
        }
    }

    private static AssertionFailedError failure(EvalCase evalCase, String output, List<Score> open, int all) {
        StringBuilder message = new StringBuilder()
                .append(evalCase.id())
                .append(": ")
                .append(all - open.size())
                .append(" of ")
                .append(all)
                .append(" evaluators passed (expected: all)");
        for (Score score : open) {
            message.append("\n  ")
                    .append(score.name())
                    .append(' ')
                    .append(score.outcome().name().toLowerCase(Locale.ROOT))
                    .append(score.explanation().map(why -> ", " + why).orElse(""));
        }
        return evalCase.expected().isPresent()
                ? new AssertionFailedError(
                        message.toString(), evalCase.expected().get(), output)
                : new AssertionFailedError(message.toString());
    }

    /**
     * Asserts that at least this share of the cases passes, with 95 % confidence: the lower end of the interval counts
     * and not the rate itself, so that a lucky run of a few cases proves nothing. 20 of 20 show 0.83.
     *
     * @param least 0 to 1
     * @throws AssertionFailedError if it is less, with the report
     * @throws IllegalStateException if cases ended in errors: the run is incomplete and shows nothing
     */
    public static void assertPassRateAtLeast(double least, ExperimentResult result) {
        Check.within(least, 0, 1, "least");
        Check.notNull(result, "result");
        int errors = result.counts().errors();
        if (errors > 0) {
            throw new IllegalStateException("errors: " + errors + " (expected: 0)\n" + result.toText());
        }
        Proportion.Interval interval = result.counts().passRate().wilson95();
        if (interval.low() < least) {
            throw new AssertionFailedError(String.format(
                    Locale.ROOT,
                    "pass rate: at least %.3f with 95 %% confidence (expected: %.3f)%n%s",
                    interval.low(),
                    least,
                    result.toText()));
        }
    }
}
