package dev.plinth.rag.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Metadata;
import java.util.List;
import org.junit.jupiter.api.Test;

class PassageTest {

    @Test
    void quotesSentencesItemsAndRowsButNoMarkup() {
        String text =
                "# Shipping\nWe ship. On Mondays.\n<!-- note: for editors -->\n- One item\n| a | b |\n|---|---|\n";
        Chunk chunk =
                new Chunk("1", "d", "d.md", text, new Chunk.Span(0, text.length(), 1, 6), List.of(), Metadata.NONE);
        assertThat(Passage.of(chunk).stream().map(Passage::text))
                .containsExactly("We ship.", "On Mondays.", "- One item", "| a | b |");
    }
}
