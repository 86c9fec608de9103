package dev.plinth.api.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ValueTest {
    private static final long BIG = 1L << 53;

    @Test
    void numbersAreComparedExactly() {
        assertThat(Value.of(5).sameAs(Value.of(5.0))).isTrue();
        assertThat(Value.of(5.0).sameAs(Value.of(5))).isTrue();
        assertThat(Value.of(BIG).sameAs(Value.of((double) BIG))).isTrue();
        assertThat(Value.of(BIG + 1).sameAs(Value.of((double) (BIG + 1))))
                .as("2^53 + 1 is no double")
                .isFalse();
        assertThat(Value.of(Long.MAX_VALUE).sameAs(Value.of((double) Long.MAX_VALUE)))
                .isFalse();
        assertThat(Value.of(Long.MIN_VALUE).sameAs(Value.of((double) Long.MIN_VALUE)))
                .isTrue();
        assertThat(Value.of(0.0).sameAs(Value.of(-0.0))).isTrue();
        assertThat(Value.of(0).sameAs(Value.of(-0.0))).isTrue();
        assertThat(Value.of(0.1).exact()).isNotEqualTo(new BigDecimal("0.1"));
    }

    @Property
    void wholeNumbersStayExact(@ForAll long number) {
        assertThat(Value.of(number).exact().longValueExact()).isEqualTo(number);
        boolean isDouble = new BigDecimal((double) number).compareTo(BigDecimal.valueOf(number)) == 0;
        assertThat(Value.of(number).sameAs(Value.of((double) number))).isEqualTo(isDouble);
    }

    @Property
    void decimalsStayExact(@ForAll @DoubleRange(min = -1e300, max = 1e300) double number) {
        assertThat(Value.of(number).exact().doubleValue()).isEqualTo(number == 0 ? 0.0 : number);
        assertThat(Value.of(number).sameAs(Value.of(number))).isTrue();
        assertThat(Value.of(number).sameAs(Value.of(Math.nextUp(number)))).isFalse();
    }

    @Test
    void kindsDoNotMix() {
        assertThat(Value.of("5").sameAs(Value.of(5))).isFalse();
        assertThat(Value.of(true).sameAs(Value.of("true"))).isFalse();
        assertThat(Value.of(Set.of("a")).sameAs(Value.of("a"))).isFalse();
        assertThat(Value.of(Set.of("a", "b")).sameAs(Value.of(Set.of("b", "a"))))
                .isTrue();
    }

    @Test
    void refusesWhatIsNoNumber() {
        for (double number : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Value.of(number))
                    .withMessage("number: " + number + " (expected: finite)");
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> Value.of("5").exact())
                .withMessage("value: Text[text=5] (expected: a number)");
    }

    @Test
    void setsAreCopied() {
        Set<String> texts = new HashSet<>(Set.of("a"));
        Value.Texts value = new Value.Texts(texts);
        texts.add("b");
        assertThat(value.texts()).containsExactly("a");
        assertThat(Value.of(Set.of("b", "c", "a"))).hasToString("Texts[a, b, c]");
    }

    @Test
    void metadataIsImmutableAndSorted() {
        Map<String, Value> values = new HashMap<>(Map.of("b", Value.of(1), "a", Value.of("x")));
        Metadata metadata = Metadata.of(values);
        values.clear();
        assertThat(metadata.values().keySet()).containsExactly("a", "b");
        assertThat(metadata.with("a", "y").text("a")).contains("y");
        assertThat(metadata.text("a")).contains("x");
        assertThat(metadata.text("b")).isEmpty();
        assertThat(metadata.get("c")).isEmpty();
        assertThat(metadata).isEqualTo(Metadata.NONE.with("a", "x").with("b", Value.of(1)));
        assertThat(metadata.hashCode())
                .isEqualTo(Metadata.NONE.with("a", "x").with("b", Value.of(1)).hashCode());
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> metadata.values().clear());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> metadata.with(" ", "x"))
                .withMessage("field: ' ' (expected: not blank)");
    }

    @Test
    void chunksKnowTheirPlace() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Chunk.Span(5, 5, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Chunk.Span(-1, 5, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Chunk.Span(0, 5, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Chunk.Span(0, 5, 2, 1));
    }
}
