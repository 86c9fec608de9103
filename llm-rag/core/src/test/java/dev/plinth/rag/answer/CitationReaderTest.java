package dev.plinth.rag.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Match;
import dev.plinth.rag.Chunks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a text states with a number is held against the source of that number. */
class CitationReaderTest {

    private static List<Double> support(String text, String... sources) {
        return read(text, sources).citations().stream().map(Citation::support).toList();
    }

    private static CitationReader read(String text, String... sources) {
        List<Match> matches = new ArrayList<>();
        for (String source : sources) {
            matches.add(new Match(Chunks.chunk("c" + matches.size(), source), 1));
        }
        return CitationReader.read(text, matches);
    }

    @Test
    void aStepOfANumberedListStatesOnlyItself() {
        String text = """
                To reset it:
                1. Open the account settings page [1]
                2. Click the red button [1]
                13) Confirm by mail [1]
                """;
        assertThat(support(text, "Open the account settings page. Click the red button. Confirm by mail."))
                .containsExactly(1.0);
    }

    @Test
    void bulletsAndRowsAreHeldAgainstTheirOwnSource() {
        String bullets = "- Islands cost extra [1]\n* Boxes are not served [2]\n  + Parcels leave daily [3]";
        String rows = "| Islands cost extra | [1]\n| Boxes are not served | [2]\n| Parcels leave daily | [3]";
        for (String text : List.of(bullets, rows)) {
            assertThat(support(text, "Islands cost extra.", "Boxes are not served.", "Parcels leave daily."))
                    .containsExactly(1.0, 1.0, 1.0);
        }
    }

    @Test
    void headingIsNoPartOfTheStatementBelowIt() {
        assertThat(support("## Transport fees of 2026\nIslands cost extra [1]", "Islands cost extra."))
                .containsExactly(1.0);
    }

    @Test
    void citationAfterTheFullStopBelongsToTheSentenceBeforeIt() {
        assertThat(support("Islands cost extra. [1] Boxes are not served. [2][1]", "Islands cost extra.", "Boxes?"))
                .containsExactly(0.0, 0.5);
    }

    @Test
    void decimalPointIsPartOfTheNumber() {
        assertThat(support("It costs 15 EUR [1].", "It costs 1.5 EUR.")).containsExactly(0.0);
        assertThat(support("It costs 1.50 EUR [1].", "It costs 150 EUR.")).containsExactly(0.0);
    }

    @Test
    void numberIsTheSameHoweverItsDigitsAreGrouped() {
        for (String same : List.of("1500000.25", "1,500,000.25", "1.500.000,25", "1500000,25")) {
            assertThat(read("It costs " + same + " EUR [1].", "It costs 1,500,000.25 EUR.")
                            .citations())
                    .as(same)
                    .allMatch(Citation::isSupported);
        }
    }

    @Test
    void listsOfNumbersMayBeLong() {
        String many = "1" + ", 1".repeat(50_000);
        CitationReader read = read("Islands cost extra [" + many + "].", "Islands cost extra.");
        assertThat(read.text()).isEqualTo("Islands cost extra [1].");
        assertThat(read.citations().get(0).support()).isEqualTo(1);
        String joined = "1" + ",1".repeat(50_000);
        assertThat(support("Islands cost extra [1].", "Islands cost extra. " + joined))
                .containsExactly(1.0);
    }
}
