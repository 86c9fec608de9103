package dev.plinth.api.usage;

import dev.plinth.api.check.Check;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Currency;

/**
 * What a call cost, computed from its usage and a dated price. A cost that is not known does not exist: it is never
 * zero.
 *
 * @param amount at least 0, unrounded
 * @param currency of the amount
 * @param priceDate the day of the price list; of several, the oldest
 */
public record Cost(BigDecimal amount, Currency currency, LocalDate priceDate) {

    public Cost {
        Check.notNull(amount, "amount");
        Check.that(amount.signum() >= 0, "amount", amount, ">= 0");
        Check.notNull(currency, "currency");
        Check.notNull(priceDate, "priceDate");
    }

    /**
     * Both together.
     *
     * @throws IllegalArgumentException if the currencies differ
     */
    public Cost plus(Cost other) {
        Check.that(currency.equals(other.currency), "currency", other.currency, currency.toString());
        LocalDate oldest = priceDate.isBefore(other.priceDate) ? priceDate : other.priceDate;
        return new Cost(amount.add(other.amount), currency, oldest);
    }
}
