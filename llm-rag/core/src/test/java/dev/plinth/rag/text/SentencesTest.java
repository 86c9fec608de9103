package dev.plinth.rag.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SentencesTest {
    private static List<String> sentences(String text) {
        return Sentences.of(text).stream()
                .map(range -> text.substring(range.start(), range.end()).strip())
                .toList();
    }

    @Test
    void endsAtFullStopsQuestionsAndEmptyLines() {
        assertThat(sentences("We ship daily. Do you? \"Yes!\" he said\n\nA new paragraph\nwith two lines"))
                .containsExactly("We ship daily.", "Do you?", "\"Yes!\"", "he said", "A new paragraph\nwith two lines");
    }

    @Test
    void doesNotEndInAbbreviationsInitialsAndNumbers() {
        assertThat(sentences("Dr. J. Smith paid 3.50 dollars, e.g. for tea. See fig. 2 for more."))
                .containsExactly("Dr. J. Smith paid 3.50 dollars, e.g. for tea.", "See fig. 2 for more.");
        assertThat(sentences("1. First step\n2. Second step")).hasSize(1);
    }

    @Test
    void endsAtFullWidthStops() {
        assertThat(sentences("今日は。元気？")).containsExactly("今日は。", "元気？");
    }

    @Property
    void coversTheTextWithoutGapOrOverlap(@ForAll String text) {
        int position = 0;
        for (Sentences.Range range : Sentences.of(text)) {
            assertThat(range.start()).isEqualTo(position);
            assertThat(range.end()).isGreaterThan(range.start());
            position = range.end();
        }
        assertThat(position).isEqualTo(text.length());
    }
}
