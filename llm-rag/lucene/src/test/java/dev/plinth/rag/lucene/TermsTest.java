package dev.plinth.rag.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Value;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TermsTest {
    @Test
    void longTextsStayApart() {
        String text = "x".repeat(50_000);
        assertThat(TextBytes.part(text)).hasSizeLessThan(9_000).isNotEqualTo(TextBytes.part(text + "y"));
        assertThat(TextBytes.part("x".repeat(TextBytes.LONGEST))).hasSize(TextBytes.LONGEST);
        assertThat(Facts.contains(text, text).length).isLessThan(32_766);
        assertThat(Facts.equal("f", Value.of(Set.of("a", "bc"))))
                .isNotEqualTo(Facts.equal("f", Value.of(Set.of("ab", "c"))));
    }

    @Test
    void partsOfATermDoNotRunIntoEachOther() {
        assertThat(List.of(Facts.contains("a", "bc"), Facts.contains("ab", "c"), Facts.contains("abc", "")))
                .doesNotHaveDuplicates();
    }
}
