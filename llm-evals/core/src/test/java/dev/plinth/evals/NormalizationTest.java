package dev.plinth.evals;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class NormalizationTest {

    private static final Set<Normalization> ALL = EnumSet.allOf(Normalization.class);

    @Test
    void changesNothingUnlessNamed() {
        assertThat(Normalization.apply(Set.of(), " A\u00a0E\u0301\r\n")).isEqualTo(" A\u00a0E\u0301\r\n");
    }

    @Test
    void eachStepDoesItsOwn() {
        assertThat(Normalization.apply(Set.of(Normalization.CASE), " TITLE \u0130"))
                .isEqualTo(" title i\u0307");
        assertThat(Normalization.apply(Set.of(Normalization.NFC), "Cafe\u0301 "))
                .isEqualTo("Caf\u00e9 ");
        assertThat(Normalization.apply(Set.of(Normalization.WHITESPACE), "\u2003a\u00a0 b\r\n\tC\u0085"))
                .isEqualTo("a b C");
    }

    @Property
    void twiceIsOnce(@ForAll String text, @ForAll Set<Normalization> steps) {
        String once = Normalization.apply(steps, text);

        assertThat(Normalization.apply(steps, once)).isEqualTo(once);
    }

    @Property
    void spacingAndCaseNeverMatter(@ForAll("lower") String one, @ForAll("lower") String other) {
        assertThat(Normalization.apply(ALL, " " + one + "\n\n" + other.toUpperCase(Locale.ROOT)))
                .isEqualTo(Normalization.apply(ALL, one + " " + other));
    }

    @Provide
    Arbitrary<String> lower() {
        return Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(10);
    }
}
