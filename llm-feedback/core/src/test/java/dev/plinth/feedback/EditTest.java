package dev.plinth.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plinth.api.score.Annotator;
import dev.plinth.api.score.Outcome;
import dev.plinth.api.score.Score;
import dev.plinth.api.score.Target;
import dev.plinth.feedback.Edit.Change;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditTest {

    private static final Target ANSWER = Target.interaction("interaction-1");
    private static final Annotator PERSON = new Annotator(Annotator.Kind.HUMAN, "user-7");
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456Z");

    @Test
    void aStepByStepComparison() {
        Edit edit = Edit.between("Returns take 30 days.", "Returns take 14 working days.");

        assertThat(edit.changes())
                .containsExactly(
                        new Change(Change.Kind.KEPT, "Returns take ", "Returns take "),
                        new Change(Change.Kind.REPLACED, "30 ", "14 working "),
                        new Change(Change.Kind.KEPT, "days.", "days."));
        assertThat(edit.keptShare()).isEqualTo(4.0 / 5);
        assertThat(edit.changedShare()).isCloseTo(2.0 / 6, within(1e-12));
        assertThat(edit.editClass()).isEqualTo(EditClass.HEAVY);
        assertThat(edit.exact()).isTrue();
        assertThat(edit).hasToString("heavy: kept 4 of 5 words, now 6, similarity 0.655");
    }

    @ParameterizedTest
    @CsvSource({
        // original, edited, class, kept share
        "a b c,a b c,ACCEPTED,1",
        "'a b c','a  b\r\nc ',ACCEPTED,1",
        "'a\nb','a\r\nb',ACCEPTED,1",
        "caf\u00e9,cafe\u0301,ACCEPTED,1",
        "'','',ACCEPTED,1",
        "'',' ',ACCEPTED,1",
        "a b,'',DISCARDED,0",
        "a b,' \n',DISCARDED,0",
        "'',a b,REWRITTEN,0",
        "'  ',x,REWRITTEN,0",
        "a b c d,x y c d,HEAVY,0.5",
        "a b c d,x y z d,REWRITTEN,0.25",
        "a b c d,a b c d and more,HEAVY,1",
        "a b,b a,HEAVY,0.5",
        "Yes,yes,REWRITTEN,0",
    })
    void classes(String original, String edited, EditClass editClass, double keptShare) {
        Edit edit = Edit.between(original, edited);

        assertThat(edit.editClass()).isEqualTo(editClass);
        assertThat(edit.keptShare()).isEqualTo(keptShare);
    }

    @ParameterizedTest
    @CsvSource({"0,ACCEPTED", "1,LIGHT", "9,LIGHT", "10,HEAVY", "50,HEAVY", "51,REWRITTEN", "100,REWRITTEN"})
    void thresholdsInAHundredWords(int changed, EditClass editClass) {
        String same = words("w", 100 - changed);

        Edit edit = Edit.between(words("old", changed) + " " + same, words("new", changed) + " " + same);

        assertThat(edit.editClass()).isEqualTo(editClass);
    }

    @Test
    void theScoreOfAnEdit() {
        Score score = Edit.between("one two three four", "one two 3 four").score(ANSWER, PERSON, AT);

        assertThat(score.name()).isEqualTo("edit");
        assertThat(score.value()).hasValue(0.75);
        assertThat(score.label()).contains("heavy");
        assertThat(score.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(score.target()).contains(ANSWER);
        assertThat(score.annotator()).isEqualTo(PERSON);
        assertThat(score.at()).contains(AT);
        assertThat(score.explanation())
                .hasValueSatisfying(why -> assertThat(why).doesNotContain("three"));
    }

    @ParameterizedTest
    @CsvSource({"a b,a b,PASS", "a b,a c,UNDECIDED", "a b,c d,FAIL", "a b,'',FAIL"})
    void outcomes(String original, String edited, Outcome outcome) {
        assertThat(Edit.between(original, edited).score(ANSWER, PERSON, AT).outcome())
                .isEqualTo(outcome);
    }

    @Test
    void aLongTextWithASmallEditIsExact() {
        String original = words("w", 100_000);
        String edited = original.replace("w50000 ", "changed ").replace("w50100 ", "");

        Edit edit = Edit.between(original, edited);

        assertThat(edit.exact()).isTrue();
        assertThat(edit.keptShare()).isEqualTo(99_998 / 100_000.0);
        assertThat(edit.editClass()).isEqualTo(EditClass.LIGHT);
    }

    @Test
    void aLongTextRewrittenIsBoundedAndSaysSo() {
        Edit edit = Edit.between(words("a", 20_000) + " kept", words("b", 20_000) + " kept");

        assertThat(edit.exact()).isFalse();
        assertThat(edit.keptShare()).isEqualTo(1 / 20_001.0);
        assertThat(edit.editClass()).isEqualTo(EditClass.REWRITTEN);
        assertThat(edit).asString().endsWith("at least");
        Score score = edit.score(ANSWER, PERSON, AT);
        assertThat(score.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(score.label()).contains("too-long");
        assertThat(score.value()).isEmpty();
    }

    @Test
    void refusesNull() {
        assertThatThrownBy(() -> Edit.between(null, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("original: null (expected: not null)");
    }

    @Property
    void theStepsMakeUpBothTexts(@ForAll("texts") String original, @ForAll("texts") String edited) {
        Edit edit = Edit.between(original, edited);

        assertThat(joined(edit, true)).isEqualTo(original);
        assertThat(joined(edit, false)).isEqualTo(edited);
    }

    @Property
    void keepsAsManyWordsAsCanBeKept(@ForAll("texts") String original, @ForAll("texts") String edited) {
        String[] before = Words.of(original).stream().map(Word::key).toArray(String[]::new);
        String[] after = Words.of(edited).stream().map(Word::key).toArray(String[]::new);
        double kept = before.length == 0 ? (after.length == 0 ? 1 : 0) : (double) common(before, after) / before.length;

        assertThat(Edit.between(original, edited).keptShare()).isEqualTo(kept);
    }

    @Property
    void betweenTwoStepsSomethingWasKept(@ForAll("texts") String original, @ForAll("texts") String edited) {
        boolean previousKept = false;
        boolean first = true;
        for (Change change : Edit.between(original, edited).changes()) {
            boolean kept = change.kind() == Change.Kind.KEPT;
            assertThat(first || kept != previousKept).isTrue();
            previousKept = kept;
            first = false;
        }
    }

    @Property
    void figuresLieBetweenZeroAndOne(@ForAll String original, @ForAll String edited) {
        Edit edit = Edit.between(original, edited);

        assertThat(edit.keptShare()).isBetween(0.0, 1.0);
        assertThat(edit.changedShare()).isBetween(0.0, 1.0);
        assertThat(edit.similarity()).isBetween(0.0, 1.0);
    }

    @Property
    void anUntouchedTextIsAccepted(@ForAll String text) {
        Edit edit = Edit.between(text, text);

        assertThat(edit.editClass()).isEqualTo(EditClass.ACCEPTED);
        assertThat(edit.similarity()).isEqualTo(1.0);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("a", "b", "c", "dé", "日", "😀", ".", " ", "\n", "  ")
                .list()
                .ofMaxSize(40)
                .map(parts -> String.join("", parts));
    }

    private static String joined(Edit edit, boolean original) {
        return edit.changes().stream()
                .map(change -> original ? change.original() : change.edited())
                .collect(Collectors.joining());
    }

    private static String words(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(number -> prefix + number).collect(Collectors.joining(" "));
    }

    private static int common(String[] one, String[] other) {
        int[] above = new int[other.length + 1];
        for (String word : one) {
            int[] line = new int[above.length];
            for (int column = 1; column < line.length; column++) {
                line[column] = word.equals(other[column - 1])
                        ? above[column - 1] + 1
                        : Math.max(above[column], line[column - 1]);
            }
            above = line;
        }
        return Arrays.stream(above).max().orElse(0);
    }
}
