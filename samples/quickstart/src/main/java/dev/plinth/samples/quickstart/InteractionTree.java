package dev.plinth.samples.quickstart;

import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.SubCall;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** An interaction as lines of text: what was called, within what, for how long, with how many tokens, at what cost. */
final class InteractionTree {

    private final Interaction interaction;
    private final List<String> lines = new ArrayList<>();

    private InteractionTree(Interaction interaction) {
        this.interaction = interaction;
    }

    static List<String> lines(Interaction interaction) {
        InteractionTree tree = new InteractionTree(interaction);
        tree.add(
                interaction.name(),
                interaction.duration(),
                tokens(interaction.usage()),
                cost(interaction.cost(), interaction.calls().isEmpty()),
                "");
        tree.addChildren(null, "");
        return tree.lines;
    }

    private void addChildren(@Nullable String parent, String indent) {
        List<SubCall> children = interaction.calls().stream()
                .filter(call -> Objects.equals(call.parent(), parent))
                .sorted(Comparator.comparing(SubCall::startedAt))
                .toList();
        for (int i = 0; i < children.size(); i++) {
            SubCall call = children.get(i);
            boolean last = i == children.size() - 1;
            boolean free = call.kind() == SubCall.Kind.RETRIEVAL || call.kind() == SubCall.Kind.TOOL;
            add(
                    indent + (last ? "└─ " : "├─ ") + call.kind().name().toLowerCase(Locale.ROOT) + " " + call.name(),
                    call.duration(),
                    free ? "" : tokens(call.usage()),
                    free ? "" : cost(Optional.ofNullable(call.cost()), call.cached()),
                    note(call));
            addChildren(call.id(), indent + (last ? "   " : "│  "));
        }
    }

    private void add(String name, Duration duration, String tokens, String cost, String note) {
        String time = String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
        lines.add(String.format(Locale.ROOT, "%-52s %9s  %-22s %-16s %s", name, time, tokens, cost, note)
                .stripTrailing());
    }

    private static String note(SubCall call) {
        if (call.error() != null) {
            return "failed: " + call.error();
        }
        return call.cached() ? "cache hit" : "";
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

    private static String cost(Optional<Cost> cost, boolean free) {
        if (cost.isPresent()) {
            return cost.get().amount().stripTrailingZeros().toPlainString() + " "
                    + cost.get().currency();
        }
        return free ? "no cost" : "cost unknown";
    }
}
