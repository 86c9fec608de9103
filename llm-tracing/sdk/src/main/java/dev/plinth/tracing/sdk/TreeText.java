package dev.plinth.tracing.sdk;

import dev.plinth.api.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A tree as lines of text. */
final class TreeText implements TreeWalk.Visitor {

    /** What ends a line, moves a cursor or turns the direction of writing: names come from anywhere. */
    private static final Pattern CONTROL =
            Pattern.compile("[\\p{Cc}\\x{2028}\\x{2029}\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}]");

    private final TraceTree tree;
    private final List<String> lines = new ArrayList<>();
    /** What stands before the children of the nodes around, by depth. */
    private final List<String> indents = new ArrayList<>();

    private boolean rootEnded;
    /** How many calls around leave their tokens to another library's span, and keep the cost. */
    private int reportedElsewhere;

    private TreeText(TraceTree tree) {
        this.tree = tree;
    }

    static List<String> lines(TraceTree tree) {
        TreeText text = new TreeText(tree);
        TreeWalk.over(tree.roots(), text);
        if (tree.droppedSpans() > 0) {
            text.lines.add("... " + tree.droppedSpans() + " more spans were not kept");
        }
        return List.copyOf(text.lines);
    }

    @Override
    public void enter(TraceNode node, int depth, boolean last) {
        String indent = depth == 0 ? "" : indents.get(depth - 1);
        String branch = depth == 0 ? "" : last ? "└─ " : "├─ ";
        if (depth == 0) {
            rootEnded = !node.isRunning();
        }
        while (indents.size() > depth) {
            indents.remove(indents.size() - 1);
        }
        indents.add(depth == 0 ? "" : indent + (last ? "   " : "│  "));
        line(indent + branch + node.name(), node, numbers(node));
        reportedElsewhere += node.recorded().isReportedElsewhere() ? 1 : 0;
    }

    @Override
    public void leave(TraceNode node) {
        reportedElsewhere -= node.recorded().isReportedElsewhere() ? 1 : 0;
    }

    private record Numbers(String tokens, String cost) {
        private static final Numbers NONE = new Numbers("", "");
    }

    /** Those of a call, or the totals on the first line. */
    private Numbers numbers(TraceNode node) {
        boolean tokensWithin = node.recorded().isReportedElsewhere();
        if (tokensWithin || node.kind().isModelCall()) {
            if (node.isRunning()) {
                return Numbers.NONE;
            }
            boolean costAround = reportedElsewhere > 0
                    && !node.recorded().isPlinths()
                    && node.cost().isEmpty();
            return new Numbers(
                    tokensWithin ? "" : tokens(node.usage()), costAround ? "" : cost(node.cost(), node.isFree()));
        }
        boolean first = node == tree.roots().get(0);
        Totals totals = tree.totals();
        return first && totals.calls > 0
                ? new Numbers(tokens(totals.usage), cost(totals.cost(), totals.isFree()))
                : Numbers.NONE;
    }

    private void line(String name, TraceNode node, Numbers numbers) {
        String time = String.format(Locale.ROOT, "%.1f ms", node.duration().toNanos() / 1e6);
        String notes = node.notes().collect(Collectors.joining(", "));
        if (node.isRunning()) {
            String running = rootEnded ? "not ended" : "running";
            notes = notes.isEmpty() ? running : running + ", " + notes;
        }
        String line = String.format(
                Locale.ROOT, "%-52s %11s  %-22s %-16s %s", name, time, numbers.tokens, numbers.cost, notes);
        lines.add(CONTROL.matcher(line).replaceAll("\uFFFD").stripTrailing());
    }

    private static String tokens(Usage usage) {
        if (usage.input().isEmpty() && usage.output().isEmpty()) {
            return "tokens unknown";
        }
        return count(usage.input()) + " in, " + count(usage.output()) + " out";
    }

    private static String count(OptionalLong tokens) {
        return tokens.isPresent() ? Long.toString(tokens.getAsLong()) : "?";
    }

    private static String cost(Optional<TraceNode.Money> cost, boolean free) {
        return cost.map(money -> money.amount().stripTrailingZeros().toPlainString() + " " + money.currency())
                .orElse(free ? "no cost" : "cost unknown");
    }
}
