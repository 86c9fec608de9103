package dev.plinth.evals.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.error.OverloadedException;
import dev.plinth.evals.EvalCase;
import org.junit.jupiter.api.TestInfo;

/** Tests that partly fail, for {@link EvalTestTest} to run: Surefire does not take a class of this name for tests. */
class Sample {

    @EvalTest(cases = "evals/sample.jsonl")
    void answers(EvalCase evalCase) {
        EvalAssertions.assertPasses(evalCase, answer(evalCase));
    }

    @EvalTest(cases = "/evals/sample.jsonl", tag = "hard")
    void hardOnes(EvalCase evalCase) {
        EvalAssertions.assertPasses(evalCase, answer(evalCase));
    }

    @EvalTest(cases = "evals/sample.jsonl")
    void withTestInfo(TestInfo info, EvalCase evalCase) {
        assertThat(info.getDisplayName()).isEqualTo(evalCase.id());
    }

    @EvalTest(cases = "target/eval-test.jsonl")
    void fromAFile(EvalCase evalCase) {
        assertThat(evalCase.input()).isEqualTo("x");
    }

    @EvalTest(cases = "evals/missing.jsonl")
    void missingCases(EvalCase evalCase) {}

    @EvalTest(cases = "evals/sample.jsonl")
    void withoutCase() {}

    @EvalTest(cases = "evals/sample.jsonl", tag = "esay")
    void unknownTag(EvalCase evalCase) {}

    private static String answer(EvalCase evalCase) {
        return switch (evalCase.id()) {
            case "undecided" -> "ab".repeat(1_000_000);
            case "unreachable" -> throw new OverloadedException("model: busy");
            default -> "4";
        };
    }
}
