package dev.plinth.tracing.sdk;

import dev.plinth.api.usage.Usage;
import dev.plinth.tracing.sdk.TraceNode.Money;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sums of a tree. Below a call of Plinth's own, the spans of other libraries that have tokens tell of the same call
 * again, so they do not count.
 */
final class Totals implements TreeWalk.Visitor {

    int unended;
    int orphans;
    /** Of models, and ended. */
    int calls;

    Usage usage = Usage.NONE;
    private @Nullable BigDecimal amount;
    private @Nullable String currency;
    private boolean costKnown = true;
    private int callsAround;

    private Totals() {}

    static Totals of(List<TraceNode> roots) {
        Totals totals = new Totals();
        TreeWalk.over(roots, totals);
        return totals;
    }

    Optional<Money> cost() {
        return costKnown && amount != null && currency != null
                ? Optional.of(new Money(amount, currency))
                : Optional.empty();
    }

    @Override
    public void enter(TraceNode node, int depth, boolean last) {
        unended += node.isRunning() ? 1 : 0;
        orphans += node.isOrphan() ? 1 : 0;
        if (node.kind().isModelCall() && !node.isRunning() && (callsAround == 0 || node.isPlinths())) {
            calls++;
            usage = usage.plus(node.usage());
            addCost(node);
        }
        callsAround += isCallAround(node) ? 1 : 0;
    }

    @Override
    public void leave(TraceNode node) {
        callsAround -= isCallAround(node) ? 1 : 0;
    }

    private static boolean isCallAround(TraceNode node) {
        return node.kind().isModelCall() && node.isPlinths();
    }

    /** Whether no call stated a cost and none used anything. */
    boolean isFree() {
        return costKnown && amount == null;
    }

    private void addCost(TraceNode node) {
        Optional<Money> cost = node.cost();
        if (cost.isEmpty()) {
            costKnown &= node.isFree();
            return;
        }
        Money money = cost.get();
        costKnown &= currency == null || currency.equals(money.currency());
        currency = money.currency();
        amount = amount == null ? money.amount() : amount.add(money.amount());
    }
}
