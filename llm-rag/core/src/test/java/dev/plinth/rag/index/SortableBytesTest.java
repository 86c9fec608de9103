package dev.plinth.rag.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plinth.api.retrieval.Value;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Bytes sort as what they stand for. */
class SortableBytesTest {
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars(
                        '\0', 'a', 'b', '\u007F', '\u0080', '\u07FF', '\u0800', '\uD83D', '\uDE00', '\uE000', '\uFFFF')
                .ofMaxLength(6);
    }

    @Provide
    Arbitrary<Value> numbers() {
        long big = 1L << 53;
        Arbitrary<Long> wholes = Arbitraries.oneOf(
                Arbitraries.longs(),
                Arbitraries.longs().between(big - 4, big + 4),
                Arbitraries.longs().between(Long.MAX_VALUE - 3000, Long.MAX_VALUE),
                Arbitraries.longs().between(Long.MIN_VALUE, Long.MIN_VALUE + 3000),
                Arbitraries.longs().between(-3, 3));
        Arbitrary<Double> decimals = Arbitraries.oneOf(
                Arbitraries.of(0.0, -0.0, 0x1p63, -0x1p63, 0x1p53, Double.MAX_VALUE, -Double.MAX_VALUE, 5e-324),
                Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite),
                wholes.map(whole -> (double) whole));
        return Arbitraries.oneOf(wholes.map(Value::of), decimals.map(Value::of));
    }

    @Property
    void textsSortByTheirCodeUnits(@ForAll("texts") String one, @ForAll("texts") String other) {
        assertThat(Integer.signum(Arrays.compareUnsigned(SortableBytes.of(one), SortableBytes.of(other))))
                .isEqualTo(Integer.signum(one.compareTo(other)));
        assertThat(SortableBytes.text(SortableBytes.of(one))).isEqualTo(one);
    }

    @Property
    void anyTextComesBack(@ForAll String text) {
        assertThat(SortableBytes.text(SortableBytes.of(text))).isEqualTo(text);
    }

    @Property(tries = 5000)
    void numbersSortByTheirExactValue(@ForAll("numbers") Value one, @ForAll("numbers") Value other) {
        assertThat(Integer.signum(Arrays.compareUnsigned(SortableBytes.ofNumber(one), SortableBytes.ofNumber(other))))
                .isEqualTo(one.exact().compareTo(other.exact()));
    }

    @Test
    void whatIsNoNumberIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> SortableBytes.ofNumber(Value.of("5")));
    }
}
