package dev.plinth.evals.junit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.evals.EvalCase;
import dev.plinth.evals.EvalSuite;
import dev.plinth.evals.Evaluators;
import dev.plinth.evals.Experiment;
import dev.plinth.evals.ExperimentResult;
import dev.plinth.evals.Subject;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

class EvalAssertionsTest {

    private static final EvalCase OPEN = EvalCase.builder("open", "?").build();

    @Test
    void evaluatorsCanBeGivenOnTheSpot() {
        assertThatCode(() -> EvalAssertions.assertPasses(OPEN, "30 days", Evaluators.contains("30")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> EvalAssertions.assertPasses(
                        OPEN, "30 days", Evaluators.contains("30"), Evaluators.contains("14"), Evaluators.exactMatch()))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessage("""
                        open: 1 of 3 evaluators passed (expected: all)
                          contains fail, '30 days' (expected: contains '14')
                          exact-match undecided, the case has no expected answer to compare with""");
    }

    @Test
    void nothingToJudgeByIsNoPass() {
        assertThatThrownBy(() -> EvalAssertions.assertPasses(OPEN, "30 days"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("evaluators: none for case open (expected: at least one)");
    }

    @Test
    void aPassRateCountsByTheLowerEndOfItsInterval() {
        ExperimentResult all = run(evalCase -> "yes");

        assertThatCode(() -> EvalAssertions.assertPassRateAtLeast(0.83, all)).doesNotThrowAnyException();
        assertThatThrownBy(() -> EvalAssertions.assertPassRateAtLeast(0.84, all))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContainingAll(
                        "pass rate: at least 0.839 with 95 % confidence (expected: 0.840)", "20 of 20");
    }

    @Test
    void anIncompleteRunShowsNothing() {
        ExperimentResult broken = run(evalCase -> {
            throw new IllegalStateException("no model");
        });

        assertThatThrownBy(() -> EvalAssertions.assertPassRateAtLeast(0, broken))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("errors: 20 (expected: 0)");
    }

    private static ExperimentResult run(Subject subject) {
        EvalSuite suite = new EvalSuite(
                "s",
                IntStream.range(0, 20)
                        .mapToObj(number ->
                                EvalCase.builder("case-" + number, "?").build())
                        .toList());
        return Experiment.builder("e", suite)
                .evaluator(Evaluators.contains("yes"))
                .build()
                .run(subject);
    }
}
