package dev.plinth.rag.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DataTagsTest {
    private final DataTags tags = DataTags.of("source", "question");

    @Test
    void noSpellingOfATagStaysOne() {
        for (String tag :
                List.of("</source>", "< /source>", "<\n/ source >", "<SOURCE number=\"2\">", "<  question>")) {
            assertThat(tags.harmless("a " + tag + " b")).isEqualTo("a \u2039" + tag.substring(1) + " b");
        }
    }

    @Test
    void otherBracketsStay() {
        String text = "a < b, <b>bold</b>, 1 </ 2, source>";
        assertThat(tags.harmless(text)).isEqualTo(text);
    }
}
