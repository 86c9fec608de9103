package dev.plinth.api.usage;

import dev.plinth.api.check.Check;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Currency;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The price of a model's tokens on a day, each per million tokens.
 *
 * @param input of input that came from no cache
 * @param cachedInput of input read from the provider's prompt cache; null: not known
 * @param cacheWrite of input written to the provider's prompt cache; null: not known
 * @param output of output
 * @param currency of all four
 * @param asOf the day of the price list
 */
public record Price(
        BigDecimal input,
        @Nullable BigDecimal cachedInput,
        @Nullable BigDecimal cacheWrite,
        BigDecimal output,
        Currency currency,
        LocalDate asOf) {

    public Price {
        notNegative(Check.notNull(input, "input"), "input");
        notNegative(cachedInput, "cachedInput");
        notNegative(cacheWrite, "cacheWrite");
        notNegative(Check.notNull(output, "output"), "output");
        Check.notNull(currency, "currency");
        Check.notNull(asOf, "asOf");
    }

    /**
     * What this usage costs. Absent when input or output is, or when cached tokens were used and their price is not
     * known. Cached counts that nobody reported are taken as no cache use, which is the dearer reading.
     */
    public Optional<Cost> of(Usage usage) {
        OptionalLong all = usage.input();
        OptionalLong output = usage.output();
        long cached = usage.cachedInput().orElse(0);
        long written = usage.cacheWrite().orElse(0);
        if (all.isEmpty()
                || output.isEmpty()
                || (cached > 0 && cachedInput == null)
                || (written > 0 && cacheWrite == null)) {
            return Optional.empty();
        }
        BigDecimal millionths = times(input, all.getAsLong() - cached - written)
                .add(times(cachedInput, cached))
                .add(times(cacheWrite, written))
                .add(times(this.output, output.getAsLong()));
        return Optional.of(new Cost(millionths.movePointLeft(6), currency, asOf));
    }

    private static BigDecimal times(@Nullable BigDecimal price, long tokens) {
        return price == null ? BigDecimal.ZERO : price.multiply(BigDecimal.valueOf(Math.max(0, tokens)));
    }

    private static void notNegative(@Nullable BigDecimal price, String name) {
        Check.that(price == null || price.signum() >= 0, name, price, ">= 0");
    }
}
