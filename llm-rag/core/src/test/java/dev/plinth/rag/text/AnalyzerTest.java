package dev.plinth.rag.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class AnalyzerTest {
    @Test
    void englishDropsStopWordsPossessivesAndEndings() {
        assertThat(Analyzer.english()
                        .terms("The company's shipping of the Boxes isn\u2019t delayed; the boss\u2019s is."))
                .containsExactly("compani", "ship", "box", "isn\u2019t", "delai", "boss");
    }

    @Test
    void keepsNumbersAbbreviationsAndIdentifiersWhole() {
        assertThat(Analyzer.plain().terms("U.S. GDP: $1,000.50, max_tokens=5, v1.2-beta e.g. 10:30"))
                .containsExactly("u.s", "gdp", "1,000.50", "max_tokens", "5", "v1.2", "beta", "e.g", "10", "30");
    }

    @Test
    void takesIdeographsOneByOneAndOtherScriptsAsWords() {
        assertThat(Analyzer.plain().terms("東京 Привет, мир! 𝒳yz")).containsExactly("東", "京", "привет", "мир", "𝒳yz");
    }

    @Test
    void doesNotDependOnTheDefaultLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(new Locale("tr", "TR"));
            assertThat(Analyzer.plain().terms("TITLE")).containsExactly("title");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Property
    void takesAnyText(@ForAll String text) {
        assertThatCode(() -> Analyzer.english().terms(text)).doesNotThrowAnyException();
        assertThat(Analyzer.plain().terms(text)).noneMatch(String::isEmpty);
    }
}
