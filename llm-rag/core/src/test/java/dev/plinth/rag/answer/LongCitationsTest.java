package dev.plinth.rag.answer;

import static dev.plinth.rag.Chunks.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Match;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LongCitationsTest {
    private static final List<Match> MATCHES = List.of(
            new Match(chunk("a", "A refund is paid within five days."), 0.9),
            new Match(chunk("b", "Parcels reach islands in 12 days."), 0.8));

    private static List<Double> support(String text) {
        return CitationReader.read(text, MATCHES).citations().stream()
                .map(Citation::support)
                .toList();
    }

    @Test
    void aCitationStandsBehindTheLastSentenceWithWords() {
        assertThat(support("The moon is far. A refund is paid within five days [1]."))
                .containsExactly(1.0);
        assertThat(support("A refund is paid within five days. [1]")).containsExactly(1.0);
        assertThat(support("The moon is far.\n\nA refund is paid.\n\n- 1! 2! [1]"))
                .containsExactly(1.0);
        assertThat(support("Parcels reach islands [2]. A refund is paid [1][2]."))
                .containsExactly(1.0, 0.0);
        assertThat(support("A refund is paid [1], islands `x`[1].")).containsExactly(0.5);
    }

    @Test
    void aStatementWithoutAnyWordsIsItself() {
        assertThat(support("12 [2]")).containsExactly(1.0);
        assertThat(support("[2]")).containsExactly(0.0);
    }

    @Test
    void citationsWithoutEnd() {
        String many = "[1" + ",1".repeat(100_000) + "]";
        assertThat(CitationReader.read("Paid " + many + ".", MATCHES).citations())
                .hasSize(1);
        assertThat(CitationReader.read("Paid " + many.replace("]", "."), MATCHES)
                        .citations())
                .isEmpty();
        assertThat(support("A refund is paid" + "[1]".repeat(100_000))).containsExactly(1.0);
        assertThat(support("A refund is paid. " + "1! [1] ".repeat(20_000))).containsExactly(1.0);
        assertThat(support("refund [1] ".repeat(2_000))).containsExactly(1.0);
    }

    @Test
    void numbersWithoutEnd() {
        String number = "1" + ".1".repeat(100_000);
        assertThat(support("A refund is paid in " + number + " days [1].")).containsExactly(0.0);
    }

    @Test
    void runsOfMarks() {
        List<String> marks = List.of("`", "[", "]", ",", "1", " ", "\n", ".", "a", "[1", "1]");
        for (String first : marks) {
            for (String second : marks) {
                String run = (first + second).repeat(10_000);
                String text = run + " A refund [1]";
                assertThat(CitationReader.read(text, MATCHES).text().length()).isLessThanOrEqualTo(text.length());
            }
        }
    }
}
