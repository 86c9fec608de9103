package dev.plinth.api.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plinth.api.usage.Price.Rates;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Currency;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PriceTest {
    private static final Currency USD = Currency.getInstance("USD");
    private static final LocalDate DAY = LocalDate.of(2026, 1, 31);
    private static final Rates RATES = rates("3", "0.3", "3.75", "6", "15");
    private static final Price FULL = builder(RATES).build();
    private static final Price SIMPLE =
            builder(rates("3", null, null, null, "15")).build();
    private static final long LIMIT = 200_000;

    private static Rates rates(String input, String cached, String written, String kept, String output) {
        return new Rates(decimal(input), decimal(cached), decimal(written), decimal(kept), decimal(output));
    }

    private static BigDecimal decimal(String number) {
        return number == null ? null : new BigDecimal(number);
    }

    private static Price.Builder builder(Rates rates) {
        return Price.builder(rates, USD, DAY);
    }

    private static Price plain(String input, String output) {
        return builder(Rates.of(decimal(input), decimal(output))).build();
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
                .longCacheWrite(20_000)
                .output(10_000)
                .reasoning(9_000)
                .build();
        // 300k x 3 + 600k x 0.3 + 80k x 3.75 + 20k x 6 + 10k x 15, per million
        assertThat(cost(FULL, usage)).isEqualByComparingTo("1.65");
        assertThat(FULL.of(usage).orElseThrow().priceDate()).isEqualTo(DAY);
        assertThat(FULL.of(usage).orElseThrow().currency()).isEqualTo(USD);
    }

    @Test
    void isExact() {
        assertThat(cost(FULL, Usage.of(1, 0))).isEqualByComparingTo("0.000003");
        assertThat(cost(FULL, Usage.of(7, 3))).isEqualByComparingTo("0.000066");
        assertThat(cost(FULL, Usage.NONE)).isEqualByComparingTo("0");
        assertThat(cost(plain("0.000123456789", "0"), Usage.of(1, 0))).isEqualByComparingTo("0.000000000123456789");
    }

    @Test
    void unknownIsNotFree() {
        assertThat(FULL.of(Usage.UNKNOWN)).isEmpty();
        assertThat(FULL.of(Usage.builder().input(5).build())).isEmpty();
        assertThat(FULL.of(Usage.builder().output(5).build())).isEmpty();
        Usage five = Usage.of(5, 5);
        assertThat(SIMPLE.of(five.toBuilder().cachedInput(1).build())).isEmpty();
        assertThat(SIMPLE.of(five.toBuilder().cacheWrite(1).build())).isEmpty();
        assertThat(cost(SIMPLE, five.toBuilder().cachedInput(0).cacheWrite(0).build()))
                .isEqualByComparingTo(cost(SIMPLE, five));
        Price short5 = builder(rates("3", "0.3", "3.75", null, "15")).build();
        Usage kept = five.toBuilder().cacheWrite(2).longCacheWrite(1).build();
        assertThat(short5.of(kept))
                .as("not billed as if it were kept for a short time")
                .isEmpty();
        assertThat(short5.of(kept.toBuilder().longCacheWrite(0).build())).isPresent();
        Price long5 = builder(rates("3", "0.3", null, "6", "15")).build();
        assertThat(long5.of(kept)).isEmpty();
        assertThat(long5.of(kept.toBuilder().longCacheWrite(2).build())).isPresent();
    }

    @Test
    void aLongCallIsBilledAsAWhole() {
        Price price = builder(RATES)
                .above(500_000, rates("12", null, null, null, "30"))
                .above(LIMIT, rates("6", "0.6", null, null, "22.5"))
                .build();
        assertThat(cost(price, Usage.of(LIMIT, 1_000))).isEqualByComparingTo("0.615");
        assertThat(cost(price, Usage.of(LIMIT + 1, 1_000))).isEqualByComparingTo("1.222506");
        assertThat(cost(price, Usage.of(500_000, 0))).isEqualByComparingTo("3");
        assertThat(cost(price, Usage.of(1_000_000, 1_000_000))).isEqualByComparingTo("42");
        Usage written = Usage.of(LIMIT + 1, 0).toBuilder().cacheWrite(1).build();
        assertThat(price.of(written))
                .as("a rate of short calls is none of long ones")
                .isEmpty();
        assertThat(price.above()).containsOnlyKeys(LIMIT, 500_000L);
        assertThat(price.rates()).isEqualTo(RATES);
    }

    @Test
    void aTierHasThePriceThatIsListedForIt() {
        Price flex = plain("1.5", "7.5");
        Price batch = plain("1", "5");
        Price price = builder(RATES).tier("Flex", flex).batch(batch).build();
        assertThat(price.at("flex")).contains(flex);
        assertThat(price.at("FLEX")).contains(flex);
        for (String usual : new String[] {"default", "standard", "standard_only", "on_demand", "ON_DEMAND"}) {
            assertThat(price.at(usual)).as(usual).contains(price);
        }
        assertThat(price.at("priority")).as("not the base price").isEmpty();
        assertThat(price.at("auto")).as("nobody says what was served").isEmpty();
        assertThat(price.at("batch")).contains(batch);
        assertThat(price.batch()).contains(batch);
        assertThat(FULL.at("batch")).isEmpty();
        assertThat(FULL.batch()).isEmpty();
        assertThat(builder(RATES).tier("default", flex).build().at("default"))
                .as("listed is listed")
                .contains(flex);
        assertThat(price.tiers()).containsOnlyKeys("flex");
    }

    @Property
    void costOfTwoCallsIsTheSumOfTheirCosts(
            @ForAll @LongRange(max = 1L << 40) long one, @ForAll @LongRange(max = 1L << 40) long other) {
        Usage first = Usage.of(one, other);
        Usage second = Usage.of(other, one / 2);
        Cost sum = FULL.of(first).orElseThrow().plus(FULL.of(second).orElseThrow());
        assertThat(sum.amount()).isEqualByComparingTo(cost(FULL, first.plus(second)));
    }

    @Property
    void costOfShortCallsAddsUpUpToTheLimit(
            @ForAll @LongRange(max = LIMIT / 2) long one,
            @ForAll @LongRange(max = LIMIT / 2) long other,
            @ForAll @IntRange(max = 100) int share) {
        Price price = builder(RATES)
                .above(LIMIT, rates("6", "0.6", "7.5", "12", "22.5"))
                .build();
        Usage first = split(one, other, share);
        Usage second = split(other, one, 100 - share);
        assertThat(cost(price, first).add(cost(price, second))).isEqualByComparingTo(cost(price, first.plus(second)));
    }

    @Property
    void moreTokensNeverCostLess(
            @ForAll @LongRange(max = 3 * LIMIT) long input,
            @ForAll @LongRange(max = 1L << 40) long output,
            @ForAll @IntRange(max = 100) int share,
            @ForAll @LongRange(max = 2 * LIMIT) long more) {
        Price price = builder(RATES)
                .above(LIMIT, rates("6", "0.6", "7.5", "12", "22.5"))
                .build();
        Usage usage = split(input, output, share);
        BigDecimal cost = cost(price, usage);
        assertThat(cost).isNotNegative();
        assertThat(cost(price, usage.toBuilder().input(input + more).build())).isGreaterThanOrEqualTo(cost);
        assertThat(cost(price, usage.toBuilder().output(output + more).build())).isGreaterThanOrEqualTo(cost);
        long written = usage.cacheWrite().orElseThrow();
        assertThat(cost(price, usage.toBuilder().longCacheWrite(written).build()))
                .as("kept longer is dearer")
                .isGreaterThanOrEqualTo(cost);
        long uncached = input - usage.cachedInput().orElseThrow() - written;
        assertThat(cost(price, usage.toBuilder().cachedInput(input - written).build()))
                .as("read from the cache is cheaper, " + uncached + " were not")
                .isLessThanOrEqualTo(cost);
    }

    @Property
    void anyCountsHaveACostOfAtLeastNothing(
            @ForAll @LongRange(min = -1) long input,
            @ForAll @LongRange(min = -1) long cached,
            @ForAll @LongRange(min = -1) long written,
            @ForAll @LongRange(min = -1) long kept,
            @ForAll @LongRange(min = -1) long output) {
        Usage usage = Usage.builder()
                .input(input)
                .cachedInput(cached)
                .cacheWrite(written)
                .longCacheWrite(kept)
                .output(output)
                .build();
        Optional<Cost> cost = FULL.of(usage);
        assertThat(cost.isPresent()).isEqualTo(input >= 0 && output >= 0);
        cost.ifPresent(known -> assertThat(known.amount()).isNotNegative());
    }

    private static Usage split(long input, long output, int share) {
        long cached = input * share / 200;
        long written = input * share / 300;
        return Usage.builder()
                .input(input)
                .cachedInput(cached)
                .cacheWrite(written)
                .longCacheWrite(written / 3)
                .output(output)
                .build();
    }

    @Test
    void equalPricesAreEqual() {
        Price one = builder(RATES)
                .above(LIMIT, RATES)
                .tier("flex", SIMPLE)
                .batch(SIMPLE)
                .build();
        Price same = builder(rates("3", "0.3", "3.75", "6", "15"))
                .above(LIMIT, RATES)
                .tier("FLEX", SIMPLE)
                .batch(SIMPLE)
                .build();
        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(FULL);
        assertThat(one)
                .isNotEqualTo(
                        builder(RATES).above(LIMIT, RATES).tier("flex", SIMPLE).build());
        assertThat(FULL.toString()).contains("15", "USD", "2026-01-31");
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
    void refusesWhatIsNoPrice() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rates("-1", null, null, null, "1"))
                .withMessage("input: -1 (expected: >= 0)");
        assertThatIllegalArgumentException().isThrownBy(() -> rates("1", "-1", null, null, "1"));
        assertThatIllegalArgumentException().isThrownBy(() -> rates("1", null, null, "-1", "1"));
        assertThatIllegalArgumentException().isThrownBy(() -> rates("1", null, null, null, null));
        assertThatIllegalArgumentException().isThrownBy(() -> new Cost(new BigDecimal("-0.01"), USD, DAY));
        Price.Builder price = builder(RATES).above(LIMIT, RATES).tier("flex", SIMPLE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> price.above(LIMIT, RATES))
                .withMessage("above: 200000 (expected: each limit once)");
        assertThatIllegalArgumentException().isThrownBy(() -> price.above(0, RATES));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> price.tier("FLEX", SIMPLE))
                .withMessage("serviceTier: flex (expected: each tier once)");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        price.batch(Price.builder(RATES, USD, DAY.plusDays(1)).build()))
                .withMessage("asOf: 2026-02-01 (expected: 2026-01-31)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> price.batch(
                        Price.builder(RATES, Currency.getInstance("EUR"), DAY).build()))
                .withMessage("currency: EUR (expected: USD)");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> price.tier("slow", builder(RATES).batch(SIMPLE).build()));
    }

    @Test
    void theOwnBookComesFirst() {
        Price dear = plain("9", "9");
        PriceBook own = (provider, model) -> model.equals("m") ? Optional.of(dear) : Optional.empty();
        PriceBook all = own.orElse((provider, model) -> Optional.of(SIMPLE));
        assertThat(all.price("p", "m")).contains(dear);
        assertThat(all.price("p", "other")).contains(SIMPLE);
        assertThat(own.price("p", "other")).isEmpty();
        assertThat(own.lists("p", "m")).isTrue();
        assertThat(own.lists("p", "other")).isFalse();
        assertThat(all.lists("p", "other")).isTrue();
    }
}
