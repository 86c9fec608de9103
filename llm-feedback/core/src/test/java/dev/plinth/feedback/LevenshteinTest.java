package dev.plinth.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LevenshteinTest {

    @ParameterizedTest
    @CsvSource({"kitten,sitting,3", "'',abc,3", "abc,'',3", "'','',0", "same,same,0", "flaw,lawn,2", "ab,ba,2"})
    void knownDistances(String one, String other, int distance) {
        assertThat(distance(one, other)).isEqualTo(distance);
    }

    @ParameterizedTest
    @CsvSource({"😀,😁,1", "a😀b,ab,1", "日本語,日本,1"})
    void codePointsCountOnce(String one, String other, int distance) {
        assertThat(distance(one, other)).isEqualTo(distance);
    }

    @Property
    void equalsTheTextbookTable(
            @ForAll @StringLength(max = 200) @CharRange(from = 'a', to = 'd') String one,
            @ForAll @StringLength(max = 200) @CharRange(from = 'a', to = 'd') String other) {
        assertThat(distance(one, other)).isEqualTo(table(one, other));
    }

    @Property
    void equalsTheTextbookTableForAnyText(@ForAll String one, @ForAll String other) {
        assertThat(distance(one, other)).isEqualTo(table(one, other));
    }

    @Property
    void isSymmetric(@ForAll @StringLength(max = 150) String one, @ForAll @StringLength(max = 150) String other) {
        assertThat(distance(one, other)).isEqualTo(distance(other, one));
    }

    @Test
    void similarityIsOneMinusTheDistancePerCodePoint() {
        assertThat(Edit.between("kitten", "sitting").similarity()).isEqualTo(1 - 3.0 / 7);
    }

    private static int distance(String one, String other) {
        return Levenshtein.distance(
                one.codePoints().toArray(), other.codePoints().toArray());
    }

    // Wagner and Fischer, 1974.
    private static int table(String one, String other) {
        int[] rows = one.codePoints().toArray();
        int[] columns = other.codePoints().toArray();
        int[] above = new int[columns.length + 1];
        for (int column = 0; column < above.length; column++) {
            above[column] = column;
        }
        for (int row = 1; row <= rows.length; row++) {
            int[] line = new int[above.length];
            line[0] = row;
            for (int column = 1; column < line.length; column++) {
                int replaced = above[column - 1] + (rows[row - 1] == columns[column - 1] ? 0 : 1);
                line[column] = Math.min(replaced, 1 + Math.min(above[column], line[column - 1]));
            }
            above = line;
        }
        return above[columns.length];
    }
}
