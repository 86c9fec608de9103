package dev.plinth.tracing.sdk;

import dev.plinth.api.usage.Usage;
import dev.plinth.tracing.sdk.TraceNode.Money;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sums of a tree. Below a call of Plinth's own, the spans of other libraries that have tokens tell of the same call
 * again, so they do not count; where Plinth left the tokens to them, they do, and the cost is that of Plinth's span.
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
    private final Deque<TraceNode> callsAround = new ArrayDeque<>();
    /** Calls that are reported elsewhere, and nobody has told their tokens yet. */
    private final Set<TraceNode> untold = new HashSet<>();

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
        if (!node.isRunning()) {
            add(node);
        }
        if (isCallOfPlinths(node)) {
            callsAround.push(node);
        }
    }

    @Override
    public void leave(TraceNode node) {
        if (isCallOfPlinths(node)) {
            callsAround.pop();
        }
        if (untold.remove(node)) {
            usage = usage.plus(Usage.UNKNOWN);
        }
    }

    private static boolean isCallOfPlinths(TraceNode node) {
        return node.recorded().isPlinths()
                && (node.kind().isModelCall() || node.recorded().isReportedElsewhere());
    }

    private void add(TraceNode node) {
        TraceNode around = callsAround.peek();
        if (node.recorded().isReportedElsewhere()) {
            calls++;
            addCost(node);
            if (!node.isFree()) {
                untold.add(node);
            }
        } else if (!node.kind().isModelCall()) {
            return;
        } else if (node.recorded().isPlinths() || around == null) {
            calls++;
            usage = usage.plus(node.usage());
            addCost(node);
        } else if (around.recorded().isReportedElsewhere() && !around.isRunning()) {
            untold.remove(around);
            usage = usage.plus(node.usage());
        }
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
