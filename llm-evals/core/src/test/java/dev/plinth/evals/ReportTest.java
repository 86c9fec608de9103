package dev.plinth.evals;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final ExperimentResult RESULT = ExperimentTest.experiment(2).run(ExperimentTest::answer);

    @Test
    void textForPeople() {
        assertThat(RESULT.toText()).isEqualTo("""
                        new prompt: support, 2 trials
                          1 of 3 passed: 33.3 %, 95 % interval 6.1 to 79.2 %
                          1 failed, 1 undecided, 1 errors, 17.0 s
                          exact-match: 1 of 3 passed: 33.3 %, 95 % interval 6.1 to 79.2 %
                        FAIL wrong: 0 of 2 trials passed
                          trial 1: exact-match fail, differs at character 0: 'yes' (expected: 'no')
                          trial 2: exact-match fail, differs at character 0: 'yes' (expected: 'no')
                        UNDECIDED open: 0 of 2 trials passed
                          trial 1: exact-match undecided, the case has no expected answer to compare with
                          trial 2: exact-match undecided, the case has no expected answer to compare with
                        ERROR broken: 0 of 2 trials passed
                          trial 1: error overloaded, model: busy (expected: an answer)
                          trial 2: error overloaded, model: busy (expected: an answer)
                        """);
    }

    @Test
    void anAnswerOfSeveralLinesStaysOnOneLineOfTheReport() {
        EvalSuite suite = new EvalSuite(
                "s",
                List.of(EvalCase.builder("a", "?")
                        .evaluator(Evaluators.contains("x"))
                        .build()));

        String report = Experiment.builder("e", suite)
                .build()
                .run(evalCase -> "one\r\ntwo % %s")
                .toText();

        assertThat(report).contains("'one two % %s' (expected: contains 'x')");
    }

    @Test
    void nothingJudgedIsNoRate() {
        EvalSuite suite = new EvalSuite(
                "s",
                List.of(EvalCase.builder("a", "?")
                        .evaluator(Evaluators.contains("x"))
                        .build()));

        ExperimentResult result = Experiment.builder("e", suite).build().run(evalCase -> {
            throw new IllegalStateException("no model");
        });

        assertThat(result.toText()).contains("0 of 0 passed: nothing judged, 95 % interval 0.0 to 100.0 %");
        assertThat(result.toText()).contains("trial 1: error IllegalStateException, no model");
        assertThat(Schemas.EVAL_REPORT.errors(result.toJson())).isEmpty();
    }

    @Test
    void jsonForPrograms() throws Exception {
        String json = RESULT.toJson();

        assertThat(Schemas.EVAL_REPORT.errors(json)).isEmpty();
        assertThat(Json.MAPPER.readTree(json).at("/cases/low95").doubleValue())
                .isEqualTo(new Proportion(1, 3).wilson95().low());
        assertThat(Json.MAPPER
                        .readTree(json)
                        .at("/results/3/trials/1/error/code")
                        .textValue())
                .isEqualTo("overloaded");
    }
}
