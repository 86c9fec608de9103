package dev.plinth.rag.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No text is too long for the stack, or takes a time that grows with more than its length. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LongRunsTest {
    private static final List<String> MARKS = List.of(
            ".", "!", "'", ")", ",", ":", "_", "\u3002", "1", "a", "y", "s", "A", " ", "\n", "\t", "\u6771", "\u0301",
            "\uD83D");

    @Test
    void runsOfMarks() {
        for (String first : MARKS) {
            for (String second : MARKS) {
                String text = "a" + (first + second).repeat(25_000) + " b";
                List<Sentences.Range> sentences = Sentences.of(text);
                assertThat(sentences.get(sentences.size() - 1).end()).isEqualTo(text.length());
                assertThat(Analyzer.english().terms(text)).isNotEmpty();
                assertThat(Analyzer.plain().terms(text)).contains("b");
                assertThat(SearchText.query(text, 3)).isNotEmpty();
            }
        }
    }

    @Test
    void dotsWithoutEnd() {
        String dots = ".".repeat(800_000);
        assertThat(Sentences.of(dots + "a")).hasSize(1);
        assertThat(Sentences.of(dots + " a")).hasSize(1);
        assertThat(Sentences.of(dots + " A")).hasSize(2);
        assertThat(Sentences.of(dots + "! a")).hasSize(2);
    }

    @Test
    void aWordWhoseLettersAreVowelsInTurn() {
        String word = "y".repeat(200_000);
        assertThat(PorterStemmer.stem(word + "ing")).isEqualTo("y".repeat(199_999) + "i");
        assertThat(PorterStemmer.stem("syzygy")).isEqualTo("syzygi");
    }
}
