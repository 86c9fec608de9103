package dev.plinth.api.usage;

import dev.plinth.api.check.Check;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Collections;
import java.util.Currency;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The price of a model's tokens on a day: what a call costs as a rule, and, where they are listed, the prices of long
 * calls, of other tiers of service and of batches.
 *
 * <pre>{@code
 * Price price = Price.builder(new Rates(input, cachedInput, cacheWrite, longCacheWrite, output), usd, day)
 *     .above(200_000, longRates)
 *     .batch(Price.builder(batchRates, usd, day).build())
 *     .build();
 * Optional<Cost> cost = price.of(response.usage());
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class Price {

    /** Words of providers for the tier that is billed at the base price. */
    private static final Set<String> STANDARD_TIERS = Set.of("default", "standard", "standard_only", "on_demand");

    private final Rates rates;
    private final Currency currency;
    private final LocalDate asOf;
    private final NavigableMap<Long, Rates> above;
    private final NavigableMap<String, Price> tiers;
    private final @Nullable Price batch;

    /**
     * Prices per million tokens, each at least 0.
     *
     * @param input of input that came from no cache
     * @param cachedInput of input read from the provider's prompt cache; null: not known
     * @param cacheWrite of input written to the provider's prompt cache for its shortest time; null: not known
     * @param longCacheWrite of input written to it for longer; null: not known
     * @param output of output
     */
    public record Rates(
            BigDecimal input,
            @Nullable BigDecimal cachedInput,
            @Nullable BigDecimal cacheWrite,
            @Nullable BigDecimal longCacheWrite,
            BigDecimal output) {

        public Rates {
            // 0.2 and 0.20 are one price.
            input = rate(Check.notNull(input, "input"), "input");
            cachedInput = cachedInput == null ? null : rate(cachedInput, "cachedInput");
            cacheWrite = cacheWrite == null ? null : rate(cacheWrite, "cacheWrite");
            longCacheWrite = longCacheWrite == null ? null : rate(longCacheWrite, "longCacheWrite");
            output = rate(Check.notNull(output, "output"), "output");
        }

        /** Of input and output; those of the cache are not known. */
        public static Rates of(BigDecimal input, BigDecimal output) {
            return new Rates(input, null, null, null, output);
        }

        private static BigDecimal rate(BigDecimal rate, String name) {
            Check.that(rate.signum() >= 0, name, rate, ">= 0");
            return rate.stripTrailingZeros();
        }
    }

    private Price(Builder builder) {
        this.rates = builder.rates;
        this.currency = builder.currency;
        this.asOf = builder.asOf;
        this.above = Collections.unmodifiableNavigableMap(new TreeMap<>(builder.above));
        this.tiers = Collections.unmodifiableNavigableMap(new TreeMap<>(builder.tiers));
        this.batch = builder.batch;
    }

    /**
     * A builder of a price that is the same for calls of any length.
     *
     * @param asOf the day of the price list
     */
    public static Builder builder(Rates rates, Currency currency, LocalDate asOf) {
        return new Builder(rates, currency, asOf);
    }

    /** What a call is billed at that is not longer than any limit of {@link #above}. */
    public Rates rates() {
        return rates;
    }

    /** What the whole of a longer call is billed at, by the count of input tokens that it has to exceed. */
    public NavigableMap<Long, Rates> above() {
        return above;
    }

    /** What all rates are in. */
    public Currency currency() {
        return currency;
    }

    /** The day of the price list. */
    public LocalDate asOf() {
        return asOf;
    }

    /** The prices at other tiers of service, by their names in lower case. */
    public Map<String, Price> tiers() {
        return tiers;
    }

    /** The price of calls in a batch; empty: not known. */
    public Optional<Price> batch() {
        return Optional.ofNullable(batch);
    }

    /**
     * The price at a tier of service: the one listed for it, or this one where the word says that nothing special was
     * served, such as {@code default}, {@code standard} or {@code on_demand}. Empty for any other tier: its price is not
     * known. Upper and lower case are the same.
     *
     * @param serviceTier in the provider's word, as {@link dev.plinth.api.chat.ChatResponse#serviceTier()} has it
     */
    public Optional<Price> at(String serviceTier) {
        String tier = Check.notNull(serviceTier, "serviceTier").toLowerCase(Locale.ROOT);
        Price listed = tiers.get(tier);
        if (listed != null) {
            return Optional.of(listed);
        }
        if (tier.equals("batch")) {
            return batch();
        }
        return STANDARD_TIERS.contains(tier) ? Optional.of(this) : Optional.empty();
    }

    /**
     * What this usage of one call costs. Absent when input or output is, or when cached tokens were used and their rate
     * is not known. Cached counts that nobody reported are taken as no cache use: whoever caches, or keeps for longer
     * than usual, says so.
     */
    public Optional<Cost> of(Usage usage) {
        OptionalLong all = usage.input();
        OptionalLong output = usage.output();
        if (all.isEmpty() || output.isEmpty()) {
            return Optional.empty();
        }
        Map.Entry<Long, Rates> longer = above.lowerEntry(all.getAsLong());
        Rates billed = longer == null ? rates : longer.getValue();
        long cached = usage.cachedInput().orElse(0);
        long kept = usage.longCacheWrite().orElse(0);
        long written = Math.max(0, usage.cacheWrite().orElse(0) - kept);
        if (isUnknown(billed.cachedInput, cached)
                || isUnknown(billed.cacheWrite, written)
                || isUnknown(billed.longCacheWrite, kept)) {
            return Optional.empty();
        }
        long plain = Math.max(0, Math.max(0, Math.max(0, all.getAsLong() - cached) - written) - kept);
        BigDecimal millionths = times(billed.input, plain)
                .add(times(billed.cachedInput, cached))
                .add(times(billed.cacheWrite, written))
                .add(times(billed.longCacheWrite, kept))
                .add(times(billed.output, output.getAsLong()));
        return Optional.of(new Cost(millionths.movePointLeft(6), currency, asOf));
    }

    private static boolean isUnknown(@Nullable BigDecimal rate, long tokens) {
        return rate == null && tokens > 0;
    }

    private static BigDecimal times(@Nullable BigDecimal rate, long tokens) {
        return rate == null ? BigDecimal.ZERO : rate.multiply(BigDecimal.valueOf(tokens));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Price that
                && rates.equals(that.rates)
                && currency.equals(that.currency)
                && asOf.equals(that.asOf)
                && above.equals(that.above)
                && tiers.equals(that.tiers)
                && Objects.equals(batch, that.batch);
    }

    @Override
    public int hashCode() {
        return Objects.hash(rates, currency, asOf, above, tiers, batch);
    }

    @Override
    public String toString() {
        return "Price[" + rates + ", " + currency + ", " + asOf + ", above=" + above + ", tiers=" + tiers + ", batch="
                + batch + "]";
    }

    /** Not thread-safe. What is not set is not known. */
    public static final class Builder {
        private final Rates rates;
        private final Currency currency;
        private final LocalDate asOf;
        private final NavigableMap<Long, Rates> above = new TreeMap<>();
        private final NavigableMap<String, Price> tiers = new TreeMap<>();
        private @Nullable Price batch;

        private Builder(Rates rates, Currency currency, LocalDate asOf) {
            this.rates = Check.notNull(rates, "rates");
            this.currency = Check.notNull(currency, "currency");
            this.asOf = Check.notNull(asOf, "asOf");
        }

        /**
         * What the whole of a call is billed at that has more input; of several limits the highest that it exceeds holds.
         *
         * @param inputTokens the limit, cached tokens included; at least 1, each once
         */
        public Builder above(long inputTokens, Rates rates) {
            Check.positive(inputTokens, "above");
            Check.notNull(rates, "rates");
            Check.that(above.putIfAbsent(inputTokens, rates) == null, "above", inputTokens, "each limit once");
            return this;
        }

        /**
         * What calls cost at another tier of service.
         *
         * @param serviceTier in the provider's word, each once
         * @param price of the same currency and day, without tiers and batch of its own
         */
        public Builder tier(String serviceTier, Price price) {
            String tier = Check.notBlank(serviceTier, "serviceTier").toLowerCase(Locale.ROOT);
            Check.that(tiers.putIfAbsent(tier, variant(price)) == null, "serviceTier", tier, "each tier once");
            return this;
        }

        /**
         * What calls in a batch cost.
         *
         * @param price of the same currency and day, without tiers and batch of its own
         */
        public Builder batch(Price price) {
            this.batch = variant(price);
            return this;
        }

        /** The price. */
        public Price build() {
            return new Price(this);
        }

        private Price variant(Price price) {
            Check.notNull(price, "price");
            Check.that(price.currency.equals(currency), "currency", price.currency, currency.toString());
            Check.that(price.asOf.equals(asOf), "asOf", price.asOf, asOf.toString());
            Check.that(price.tiers.isEmpty() && price.batch == null, "price", price, "one without tiers and batch");
            return price;
        }
    }
}
