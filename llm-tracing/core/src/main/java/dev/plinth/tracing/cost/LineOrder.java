package dev.plinth.tracing.cost;

import dev.plinth.api.usage.Cost;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/** In what order lines stand. */
final class LineOrder {

    /** By the first dimension, then the second, and so on. */
    static final Comparator<Map<Dimension, String>> BY_VALUES = LineOrder::compare;

    /** Amounts of different currencies cannot be compared: the currency of a line is the first it has, by its code. */
    static final Comparator<Map.Entry<Map<Dimension, String>, Totals>> DEAREST_FIRST = Comparator.comparing(
                    (Map.Entry<Map<Dimension, String>, Totals> line) -> currency(line.getValue()))
            .thenComparing(line -> amount(line.getValue()), Comparator.reverseOrder())
            .thenComparing(Map.Entry.comparingByKey(BY_VALUES));

    private static final String AFTER_ALL_CODES = "~";

    private LineOrder() {}

    private static String currency(Totals totals) {
        return first(totals).map(cost -> cost.currency().getCurrencyCode()).orElse(AFTER_ALL_CODES);
    }

    private static BigDecimal amount(Totals totals) {
        return first(totals).map(Cost::amount).orElse(BigDecimal.ZERO);
    }

    private static Optional<Cost> first(Totals totals) {
        return totals.cost().all().stream().findFirst();
    }

    private static int compare(Map<Dimension, String> one, Map<Dimension, String> other) {
        Iterator<String> values = other.values().iterator(); // both have the same dimensions, in their order
        for (String value : one.values()) {
            int order = value.compareTo(values.next());
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
