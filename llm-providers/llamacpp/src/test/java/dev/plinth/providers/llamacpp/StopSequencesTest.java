package dev.plinth.providers.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class StopSequencesTest {

    /** The text up to the stop that is complete first; of those that end together the longest counts. */
    private static String upToStop(String text, List<String> stops) {
        for (int end = 1; end <= text.length(); end++) {
            String read = text.substring(0, end);
            int length = stops.stream()
                    .filter(stop -> !stop.isEmpty() && read.endsWith(stop))
                    .mapToInt(String::length)
                    .max()
                    .orElse(0);
            if (length > 0) {
                return text.substring(0, end - length);
            }
        }
        return text;
    }

    @Property(tries = 2000)
    void piecesDoNotMatter(@ForAll("pieces") List<String> pieces, @ForAll("stops") List<String> stops) {
        StopSequences sequences = new StopSequences(stops);
        StringBuilder seen = new StringBuilder();
        String text = String.join("", pieces);
        for (String piece : pieces) {
            seen.append(sequences.next(piece));
            assertThat(text).startsWith(seen);
            if (sequences.found()) {
                break;
            }
        }
        if (!sequences.found()) {
            seen.append(sequences.rest());
        }
        String expected = upToStop(text, stops);
        assertThat(seen).hasToString(expected);
        assertThat(sequences.found()).isEqualTo(!expected.equals(text));
    }

    @Provide
    Arbitrary<List<String>> pieces() {
        return Arbitraries.strings().withChars("ab").ofMaxLength(4).list().ofMaxSize(8);
    }

    @Provide
    Arbitrary<List<String>> stops() {
        return Arbitraries.strings().withChars("ab").ofMaxLength(4).list().ofMaxSize(3);
    }

    @Test
    void holdsBackNoMoreThanItMust() {
        StopSequences sequences = new StopSequences(List.of("END"));
        assertThat(sequences.next("no E")).isEqualTo("no ");
        assertThat(sequences.next("N")).isEmpty();
        assertThat(sequences.next("x E")).isEqualTo("ENx ");
        assertThat(sequences.rest()).isEqualTo("E");
    }
}
