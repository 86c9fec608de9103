package dev.plinth.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.score.Annotator;
import dev.plinth.api.score.Outcome;
import dev.plinth.api.score.Score;
import dev.plinth.api.time.TimeSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluatorsTest {

    private static final EvalCase CASE =
            EvalCase.builder("id", "How long?").expected("30 days").build();
    private static final EvalCase OPEN = EvalCase.builder("id", "How long?").build();

    @Test
    void exactMatchOverlooksNothingByItself() {
        assertThat(outcome(Evaluators.exactMatch(), "30 days")).isEqualTo(Outcome.PASS);
        assertThat(outcome(Evaluators.exactMatch(), "30 Days")).isEqualTo(Outcome.FAIL);
        assertThat(outcome(Evaluators.exactMatch(), "30 days ")).isEqualTo(Outcome.FAIL);
        assertThat(outcome(Evaluators.exactMatch(Normalization.CASE, Normalization.WHITESPACE), " 30\nDAYS"))
                .isEqualTo(Outcome.PASS);
    }

    @Test
    void aScoreSaysWhoJudgedAndWhy() {
        Score score = Evaluators.exactMatch().evaluate(CASE, "30 hours");

        assertThat(score.name()).isEqualTo("exact-match");
        assertThat(score.annotator()).isEqualTo(new Annotator(Annotator.Kind.CODE, "exact-match/1"));
        assertThat(score.value()).hasValue(0);
        assertThat(score.explanation()).contains("differs at character 3: '30 hours' (expected: '30 days')");
    }

    @Test
    void theReasonOfALongDifferenceIsShortAndKeepsCharactersWhole() {
        EvalCase longCase =
                EvalCase.builder("id", "").expected("😀".repeat(500) + "a").build();

        Score score = Evaluators.exactMatch().evaluate(longCase, "😀".repeat(500) + "b" + "😀".repeat(500));

        String why = score.explanation().orElseThrow();
        assertThat(why).hasSizeLessThan(250);
        // Half a character would come back as a question mark.
        assertThat(new String(why.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(why);
    }

    @Test
    void contains() {
        assertThat(outcome(Evaluators.containsExpected(), "Within 30 days.")).isEqualTo(Outcome.PASS);
        assertThat(outcome(Evaluators.contains("hours"), "Within 30 days.")).isEqualTo(Outcome.FAIL);
        assertThat(outcome(Evaluators.contains("WITHIN", Normalization.CASE), "within"))
                .isEqualTo(Outcome.PASS);
        assertThatThrownBy(() -> Evaluators.contains(" ")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothingExpectedIsUndecided() {
        assertThat(Evaluators.exactMatch().evaluate(OPEN, "x").outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(Evaluators.containsExpected().evaluate(OPEN, "x").outcome()).isEqualTo(Outcome.UNDECIDED);
        EvalCase silence = EvalCase.builder("id", "Say nothing").expected("").build();
        assertThat(Evaluators.containsExpected().evaluate(silence, "x").outcome())
                .isEqualTo(Outcome.UNDECIDED);
        assertThat(Evaluators.exactMatch().evaluate(silence, "").outcome()).isEqualTo(Outcome.PASS);
    }

    @Test
    void regexSearchesAPartOfTheAnswer() {
        assertThat(outcome(Evaluators.regex("\\d+ days"), "Within 30 days.")).isEqualTo(Outcome.PASS);
        assertThat(outcome(Evaluators.regex("^\\d+ days$"), "Within 30 days.")).isEqualTo(Outcome.FAIL);
        assertThat(outcome(Evaluators.regex("(?i)WITHIN"), "Within 30 days.")).isEqualTo(Outcome.PASS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[a", "*", "(?<n>a)\\k<m>"})
    void aBrokenPatternIsRefusedAtItsDefinition(String pattern) {
        assertThatThrownBy(() -> Evaluators.regex(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("pattern: " + pattern + " (expected: a regular expression; ");
    }

    // Without the limit these would run for longer than the machine lasts.
    @ParameterizedTest
    @ValueSource(strings = {"^(a|aa)+?$", "^(a|aa)+\\1z", "a*a*a*a*a*a*a*a*b", "^(?:(?:a|aa){1,99})+$"})
    void catastrophicBacktrackingIsUndecided(String pattern) {
        Evaluator regex = Evaluators.regex(pattern, Duration.ofMillis(20), TimeSource.system());

        Score score = regex.evaluate(CASE, "a".repeat(60) + "!");

        assertThat(score.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(score.label()).contains("timed-out");
        assertThat(score.value()).isEmpty();
    }

    @Test
    void theLimitIsCountedOnTheGivenClock() {
        String text = "a".repeat(10_000);

        assertThat(Evaluators.regex("b", Duration.ofSeconds(1), new ManualTime(Duration.ofSeconds(2)))
                        .evaluate(CASE, text)
                        .outcome())
                .isEqualTo(Outcome.UNDECIDED);
        assertThat(Evaluators.regex("b", Duration.ofSeconds(1), new ManualTime(Duration.ofMillis(1)))
                        .evaluate(CASE, text)
                        .outcome())
                .isEqualTo(Outcome.FAIL);
    }

    @Test
    void recursingTooDeeplyIsUndecided() {
        Evaluator regex = Evaluators.regex("^(a|b)*$", Duration.ofHours(1), TimeSource.system());

        Score score = regex.evaluate(CASE, "ab".repeat(1_000_000));

        assertThat(score.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(score.label()).contains("too-deep");
    }

    @Test
    void notTurnsVerdictsAroundButNeverDecides() {
        Evaluator polite = Evaluators.not(Evaluators.contains("stupid"));

        assertThat(polite.name()).isEqualTo("not-contains");
        assertThat(outcome(polite, "Good question.")).isEqualTo(Outcome.PASS);
        assertThat(outcome(polite, "A stupid question.")).isEqualTo(Outcome.FAIL);
        assertThat(Evaluators.not(Evaluators.exactMatch()).evaluate(OPEN, "x").outcome())
                .isEqualTo(Outcome.UNDECIDED);
    }

    @Property
    void anAnswerMatchesItself(@ForAll String text, @ForAll Normalization overlooking) {
        EvalCase evalCase = EvalCase.builder("id", "").expected(text).build();

        assertThat(Evaluators.exactMatch().evaluate(evalCase, text).outcome()).isEqualTo(Outcome.PASS);
        assertThat(Evaluators.exactMatch(overlooking).evaluate(evalCase, text).outcome())
                .isEqualTo(Outcome.PASS);
    }

    private static Outcome outcome(Evaluator evaluator, String output) {
        return evaluator.evaluate(CASE, output).outcome();
    }
}
