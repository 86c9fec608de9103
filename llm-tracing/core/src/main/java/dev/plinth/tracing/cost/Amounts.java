package dev.plinth.tracing.cost;

import dev.plinth.api.usage.Cost;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Money in any number of currencies, which are never converted.
 *
 * <p>Immutable and thread-safe.
 */
public final class Amounts {

    /** No money. */
    public static final Amounts NONE = new Amounts(new TreeMap<>());

    private final SortedMap<String, Cost> byCurrency;

    private Amounts(SortedMap<String, Cost> byCurrency) {
        this.byCurrency = byCurrency;
    }

    /** One amount. */
    public static Amounts of(Cost cost) {
        SortedMap<String, Cost> one = new TreeMap<>();
        one.put(cost.currency().getCurrencyCode(), cost);
        return new Amounts(one);
    }

    /** Both together, each currency for itself. */
    public Amounts plus(Amounts other) {
        if (other.isEmpty()) {
            return this;
        }
        SortedMap<String, Cost> sum = new TreeMap<>(byCurrency);
        other.byCurrency.forEach((currency, cost) -> sum.merge(currency, cost, Cost::plus));
        return new Amounts(sum);
    }

    /** What there is of this currency, with the day of the oldest price in it. */
    public Optional<Cost> in(Currency currency) {
        return Optional.ofNullable(byCurrency.get(currency.getCurrencyCode()));
    }

    /** One for each currency, in the order of their codes. */
    public List<Cost> all() {
        return List.copyOf(byCurrency.values());
    }

    /** Whether nothing was ever added, not even an amount of zero. */
    public boolean isEmpty() {
        return byCurrency.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Amounts that && text().equals(that.text());
    }

    @Override
    public int hashCode() {
        return text().hashCode();
    }

    /** As {@code EUR 0.5 + USD 1.25}. */
    @Override
    public String toString() {
        return isEmpty()
                ? "nothing"
                : byCurrency.values().stream()
                        .map(cost -> cost.currency().getCurrencyCode() + " "
                                + cost.amount().stripTrailingZeros().toPlainString())
                        .collect(Collectors.joining(" + "));
    }

    private String text() {
        return byCurrency.values().stream()
                .map(cost -> cost.amount().stripTrailingZeros() + "@" + cost.priceDate() + cost.currency())
                .collect(Collectors.joining("+"));
    }
}
