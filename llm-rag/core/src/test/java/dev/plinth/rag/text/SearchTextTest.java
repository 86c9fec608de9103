package dev.plinth.rag.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a server is asked for. */
class SearchTextTest {
    @Test
    void aQueryStaysAsItIsUnlessItHasTooManyWords() {
        assertThat(SearchText.query("Où est (la) Gare?", 4)).isEqualTo("Où est (la) Gare?");
        assertThat(SearchText.query("Où est (la) la Gare?", 4)).isEqualTo("où est la gare");
        String long1 = IntStream.range(0, 2_000).mapToObj(i -> "w" + i % 700).collect(Collectors.joining(" "));
        assertThat(SearchText.query(long1, 500).split(" ")).hasSize(500).startsWith("w0", "w1");
    }

    @Test
    void halvesOfCharactersBecomeQuestionMarks() {
        assertThat(SearchText.wellFormed("a\uD83D b \uDE00 😀")).isEqualTo("a? b ? 😀");
        assertThat(SearchText.query("a\uD83D", 5)).isEqualTo("a?");
    }
}
