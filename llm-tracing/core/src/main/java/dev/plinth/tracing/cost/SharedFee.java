package dev.plinth.tracing.cost;

import dev.plinth.api.usage.Cost;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Shares a fee by tokens, so that the shares sum to it exactly. */
final class SharedFee {

    private static final int DIGITS = 10;

    private final Cost fee;

    SharedFee(Cost fee) {
        this.fee = fee;
    }

    /** The users with their shares; without any, one line for the fee alone. */
    Map<Map<Dimension, String>, Totals> among(
            Map<Map<Dimension, String>, Totals> users, String provider, String model) {
        Map<Map<Dimension, String>, Totals> shares = new HashMap<>();
        users.forEach((line, totals) -> shares.put(line, totals.costing(Amounts.NONE)));
        List<Map<Dimension, String>> byTokens = users.keySet().stream()
                .filter(line -> tokens(users, line) > 0)
                .sorted(Comparator.comparing((Map<Dimension, String> line) -> tokens(users, line))
                        .thenComparing(LineOrder.BY_VALUES))
                .toList();
        if (byTokens.isEmpty()) {
            shares.merge(CostLine.unused(provider, model), Totals.NONE.costing(amounts(fee.amount())), Totals::plus);
            return shares;
        }
        BigDecimal all = BigDecimal.valueOf(
                byTokens.stream().mapToLong(line -> tokens(users, line)).sum());
        BigDecimal rest = fee.amount();
        for (Map<Dimension, String> line : byTokens.subList(0, byTokens.size() - 1)) {
            BigDecimal share = fee.amount()
                    .multiply(BigDecimal.valueOf(tokens(users, line)))
                    .divide(all, fee.amount().scale() + DIGITS, RoundingMode.DOWN);
            rest = rest.subtract(share);
            shares.computeIfPresent(line, (key, totals) -> totals.costing(amounts(share)));
        }
        // Shares are cut off, and what that leaves is the largest user's.
        Amounts last = amounts(rest);
        shares.computeIfPresent(byTokens.get(byTokens.size() - 1), (key, totals) -> totals.costing(last));
        return shares;
    }

    private Amounts amounts(BigDecimal amount) {
        return Amounts.of(new Cost(amount, fee.currency(), fee.priceDate()));
    }

    private static long tokens(Map<Map<Dimension, String>, Totals> users, Map<Dimension, String> line) {
        Totals totals = users.get(line);
        return totals == null ? 0 : totals.usage().total().orElse(0);
    }
}
