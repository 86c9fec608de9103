package dev.plinth.api.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Currency;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PriceTest {
    private static final Currency USD = Currency.getInstance("USD");
    private static final LocalDate DAY = LocalDate.of(2026, 1, 31);
    private static final Price FULL = price("3", "0.3", "3.75", "15");

    private static Price price(String input, String cached, String written, String output) {
        return new Price(decimal(input), decimal(cached), decimal(written), decimal(output), USD, DAY);
    }

    private static BigDecimal decimal(String number) {
        return number == null ? null : new BigDecimal(number);
    }

    private static BigDecimal cost(Price price, Usage usage) {
        return price.of(usage).orElseThrow().amount();
    }

    @Test
    void countsEveryKindOfTokenOnce() {
        Usage usage = Usage.builder()
                .input(1_000_000)
                .cachedInput(600_000)
                .cacheWrite(100_000)
                .output(10_000)
                .reasoning(9_000)
                .build();
        // 300k x 3 + 600k x 0.3 + 100k x 3.75 + 10k x 15, per million
        assertThat(cost(FULL, usage)).isEqualByComparingTo("1.605");
        assertThat(FULL.of(usage).orElseThrow().priceDate()).isEqualTo(DAY);
        assertThat(FULL.of(usage).orElseThrow().currency()).isEqualTo(USD);
    }

    @Test
    void isExact() {
        assertThat(cost(FULL, Usage.of(1, 0))).isEqualByComparingTo("0.000003");
        assertThat(cost(FULL, Usage.of(7, 3))).isEqualByComparingTo("0.000066");
        assertThat(cost(FULL, Usage.NONE)).isEqualByComparingTo("0");
    }

    @Test
    void unknownIsNotFree() {
        assertThat(FULL.of(Usage.UNKNOWN)).isEmpty();
        assertThat(FULL.of(Usage.builder().input(5).build())).isEmpty();
        assertThat(FULL.of(Usage.builder().output(5).build())).isEmpty();
        Price simple = price("3", null, null, "15");
        assertThat(simple.of(Usage.builder().input(5).cachedInput(1).output(5).build()))
                .isEmpty();
        assertThat(simple.of(Usage.builder().input(5).cacheWrite(1).output(5).build()))
                .isEmpty();
        assertThat(cost(
                        simple,
                        Usage.builder()
                                .input(5)
                                .cachedInput(0)
                                .cacheWrite(0)
                                .output(5)
                                .build()))
                .isEqualByComparingTo(cost(simple, Usage.of(5, 5)));
    }

    @Property
    void costOfTwoCallsIsTheSumOfTheirCosts(
            @ForAll @LongRange(max = 1L << 40) long one, @ForAll @LongRange(max = 1L << 40) long other) {
        Usage first = Usage.of(one, other);
        Usage second = Usage.of(other, one / 2);
        Cost sum = FULL.of(first).orElseThrow().plus(FULL.of(second).orElseThrow());
        assertThat(sum.amount()).isEqualByComparingTo(cost(FULL, first.plus(second)));
    }

    @Test
    void sumsKeepTheOldestDayAndOneCurrency() {
        Cost old = new Cost(BigDecimal.ONE, USD, DAY.minusDays(1));
        Cost now = new Cost(BigDecimal.TEN, USD, DAY);
        assertThat(old.plus(now)).isEqualTo(now.plus(old));
        assertThat(old.plus(now).priceDate()).isEqualTo(DAY.minusDays(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> old.plus(new Cost(BigDecimal.ONE, Currency.getInstance("EUR"), DAY)))
                .withMessage("currency: EUR (expected: USD)");
    }

    @Test
    void refusesNegativePrices() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> price("-1", null, null, "1"))
                .withMessage("input: -1 (expected: >= 0)");
        assertThatIllegalArgumentException().isThrownBy(() -> price("1", "-1", null, "1"));
        assertThatIllegalArgumentException().isThrownBy(() -> price("1", null, null, null));
        assertThatIllegalArgumentException().isThrownBy(() -> new Cost(new BigDecimal("-0.01"), USD, DAY));
    }
}
