package dev.plinth.rag.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A name is told by its term. */
class LedgerTermsTest {
    @Property
    void anyNameComesBack(@ForAll String name) {
        assertThat(LedgerTerms.of(name)).matches("[0-9a-f]*").hasSizeLessThanOrEqualTo(6 * name.length());
        assertThat(LedgerTerms.name(LedgerTerms.of(name))).isEqualTo(name);
    }

    @Test
    void sourcesThatAreBlankOrTooLongAreRefused() {
        assertThat(LedgerTerms.name(LedgerTerms.ofSource("x".repeat(1_000)))).hasSize(1_000);
        for (String bad : List.of("", " ", "x".repeat(1_001))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> LedgerTerms.ofSource(bad))
                    .withMessageStartingWith("source");
        }
    }
}
