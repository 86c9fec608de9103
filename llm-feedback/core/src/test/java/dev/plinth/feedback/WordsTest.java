package dev.plinth.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WordsTest {

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("", List.of()),
                Arguments.of(" \t\n\u00a0\u2003 ", List.of()),
                Arguments.of("Returns take 30 days.", List.of("Returns", "take", "30", "days", ".")),
                Arguments.of("don't, l\u2019eau 'quoted'", List.of("don't", ",", "l\u2019eau", "'", "quoted", "'")),
                Arguments.of("日本語とAI", List.of("日", "本", "語", "と", "AI")),
                Arguments.of("👩‍💻👍🏽x", List.of("👩‍💻", "👍🏽", "x")),
                Arguments.of("naive\u0301 caf\u00e9", List.of("naiv\u00e9", "caf\u00e9")),
                Arguments.of("\ud83d alone", List.of("\ud83d", "alone")));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void cutsIntoWords(String text, List<String> words) {
        assertThat(Words.of(text)).extracting(Word::key).isEqualTo(words);
    }

    @Test
    void rememberWhereTheyBegin() {
        assertThat(Words.of(" 😀 b")).extracting(Word::start).containsExactly(1, 4);
    }
}
