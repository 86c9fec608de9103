package dev.plinth.tracing.sdk;

import dev.plinth.api.usage.Usage;
import dev.plinth.tracing.PlinthAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The spans of an interaction, or of a whole trace, as they were when the tree was asked for.
 *
 * <pre>{@code
 * traces.recent(10).forEach(tree -> tree.lines().forEach(System.out::println));
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class TraceTree {

    private final String traceId;
    private final List<TraceNode> roots;
    private final int droppedSpans;
    private final Totals totals;

    TraceTree(String traceId, List<TraceNode> roots, int droppedSpans) {
        this.traceId = traceId;
        this.roots = List.copyOf(roots);
        this.droppedSpans = droppedSpans;
        this.totals = Totals.of(this.roots);
    }

    /** The id of the trace: 32 hexadecimal digits. */
    public String traceId() {
        return traceId;
    }

    /** The interaction, when the tree is that of one. */
    public Optional<String> interactionId() {
        return roots.stream()
                .findFirst()
                .filter(root -> root.kind() == TraceNode.Kind.INTERACTION)
                .map(root -> root.attributes().get(PlinthAttributes.INTERACTION_ID));
    }

    /** The root; after it what should be within the tree and whose parent is not known, and further roots of the trace. */
    public List<TraceNode> roots() {
        return roots;
    }

    /** All nodes, each before those within it. */
    public List<TraceNode> nodes() {
        List<TraceNode> nodes = new ArrayList<>();
        TreeWalk.over(roots, (node, depth, last) -> nodes.add(node));
        return List.copyOf(nodes);
    }

    /** Whether the root had not ended. */
    public boolean isRunning() {
        return !roots.isEmpty() && roots.get(0).isRunning();
    }

    /** How many spans had not ended. */
    public int unended() {
        return totals.unended;
    }

    /** How many spans have a parent that should be in this process and is not known. */
    public int orphans() {
        return totals.orphans;
    }

    /** How many spans of the trace were not kept, since it had too many. */
    public int droppedSpans() {
        return droppedSpans;
    }

    /** The tokens of all calls of models that have ended; a count that one of them does not know is absent. */
    public Usage usage() {
        return totals.usage;
    }

    /**
     * What all calls of models that have ended cost. Empty when one that used something has no known cost, when none has
     * a cost, or when their currencies differ: a part is not passed off as the whole.
     */
    public Optional<TraceNode.Money> cost() {
        return totals.cost();
    }

    Totals totals() {
        return totals;
    }

    /**
     * The tree for people: a line for each span with its time, tokens, cost and what else there is to say. Control
     * characters in names, errors and labels are replaced.
     */
    public List<String> lines() {
        return TreeText.lines(this);
    }

    /**
     * The tree for programs and pages, as one JSON object: {@code traceId}, {@code interactionId}, {@code running},
     * {@code unended}, {@code orphans}, {@code droppedSpans}, {@code totals} and {@code roots}. A node has {@code spanId},
     * {@code parentSpanId}, {@code name}, {@code kind}, {@code startedAt}, {@code durationMillis}, {@code running},
     * {@code orphan}, {@code error}, {@code tokens}, {@code cost}, {@code attributes}, {@code scores} and
     * {@code children}. What is not known is left out.
     */
    public String json() {
        return TreeJson.write(this);
    }

    /** The {@link #lines()}. */
    @Override
    public String toString() {
        return String.join("\n", lines());
    }
}
