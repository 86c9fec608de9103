package dev.plinth.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.score.Outcome;
import dev.plinth.api.score.Score;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ExperimentTest {

    private static final EvalSuite SUITE = new EvalSuite(
            "support",
            List.of(
                    expecting("right", "yes"),
                    expecting("wrong", "no"),
                    EvalCase.builder("open", "?")
                            .evaluator(Evaluators.exactMatch())
                            .build(),
                    expecting("broken", "yes")));

    @Test
    void countsEachCaseOnceAndErrorsApart() {
        ExperimentResult result = experiment(1).run(ExperimentTest::answer);

        assertThat(result.cases())
                .extracting(CaseResult::verdict)
                .containsExactly(Verdict.PASS, Verdict.FAIL, Verdict.UNDECIDED, Verdict.ERROR);
        assertThat(result.counts()).isEqualTo(new Counts(1, 1, 1, 1));
        assertThat(result.counts().passRate()).isEqualTo(new Proportion(1, 3));
        assertThat(result.countsByEvaluator()).containsOnlyKeys("exact-match");
        assertThat(result.countsByEvaluator().get("exact-match")).isEqualTo(new Counts(1, 1, 1, 0));
        Trial broken = result.cases().get(3).trials().get(0);
        assertThat(broken.error()).containsInstanceOf(OverloadedException.class);
        assertThat(broken.output()).isEmpty();
    }

    @Test
    void aCasePassesOnlyWhenItPassesEveryTime() {
        AtomicInteger calls = new AtomicInteger();
        EvalSuite suite = new EvalSuite("flaky", List.of(expecting("flaky", "yes"), expecting("steady", "yes")));

        ExperimentResult result = Experiment.builder("e", suite)
                .repeats(3)
                .build()
                .run(evalCase -> calls.incrementAndGet() == 2 ? "no" : "yes");

        assertThat(calls).hasValue(6);
        assertThat(result.cases()).extracting(CaseResult::passedTrials).containsExactly(2, 3);
        assertThat(result.counts()).isEqualTo(new Counts(1, 1, 0, 0));
        assertThat(result.cases().get(0).trials()).extracting(Trial::number).containsExactly(1, 2, 3);
    }

    @Test
    void anEvaluatorOfTheExperimentJudgesEveryAnswer() {
        ExperimentResult result = Experiment.builder("e", SUITE)
                .evaluator(Evaluators.regex("^\\w*$"))
                .build()
                .run(evalCase -> "no way");

        assertThat(result.countsByEvaluator().get("regex")).isEqualTo(new Counts(0, 4, 0, 0));
    }

    @Test
    void anEvaluatorThatThrowsIsAnErrorAndTheOthersStillJudge() {
        Evaluator unreachable = new Evaluator() {
            @Override
            public String name() {
                return "judge";
            }

            @Override
            public Score evaluate(EvalCase evalCase, String output) {
                throw new OverloadedException("judge: busy");
            }
        };
        EvalSuite suite = new EvalSuite("s", List.of(expecting("right", "yes"), expecting("wrong", "no")));

        ExperimentResult result =
                Experiment.builder("e", suite).evaluator(unreachable).build().run(evalCase -> "yes");

        assertThat(result.cases()).extracting(CaseResult::verdict).containsExactly(Verdict.ERROR, Verdict.FAIL);
        assertThat(result.cases().get(0).trials().get(0).scores())
                .extracting(Score::outcome)
                .containsExactly(Outcome.PASS);
    }

    @Test
    void measuresTheSubjectOnTheGivenClock() {
        ExperimentResult result = experiment(1).run(ExperimentTest::answer);

        assertThat(result.startedAt()).hasToString("2026-03-01T10:00:00Z");
        assertThat(result.cases().get(0).trials().get(0).duration()).isEqualTo(Duration.ofSeconds(1));
        assertThat(result.duration()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void stopsWhenTheThreadIsInterruptedOrTheSubjectCancelled() {
        List<String> asked = new ArrayList<>();
        Subject subject = evalCase -> {
            asked.add(evalCase.id());
            Thread.currentThread().interrupt();
            return "yes";
        };

        assertThatThrownBy(() -> experiment(1).run(subject))
                .isInstanceOf(CancelledException.class)
                .hasMessageContaining("interrupted at case wrong");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(asked).containsExactly("right");
        assertThatThrownBy(() -> experiment(1).run(evalCase -> {
                    throw new CancelledException("closed");
                }))
                .isInstanceOf(CancelledException.class)
                .hasMessage("closed");
    }

    @Test
    void refusesACaseThatNothingJudges() {
        EvalSuite suite =
                new EvalSuite("s", List.of(EvalCase.builder("unjudged", "?").build()));

        assertThatThrownBy(() -> Experiment.builder("e", suite).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("evaluators: none for case unjudged (expected: at least one)");
    }

    static Experiment experiment(int repeats) {
        return Experiment.builder("new prompt", SUITE)
                .repeats(repeats)
                .time(new ManualTime(Duration.ofSeconds(1)))
                .build();
    }

    static String answer(EvalCase evalCase) {
        if (evalCase.id().equals("broken")) {
            throw new OverloadedException("model: busy (expected: an answer)");
        }
        return "yes";
    }

    private static EvalCase expecting(String id, String expected) {
        return EvalCase.builder(id, "Is it?")
                .expected(expected)
                .evaluator(Evaluators.exactMatch())
                .build();
    }
}
