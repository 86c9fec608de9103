package dev.plinth.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measurements by figure, in the order they first came, and the budgets that some figures have. Of each figure the
 * median over the rounds is told, and the least and the most of them; a budget is met when all of them meet it, missed
 * when none does, and else undecided.
 */
final class OverheadReport {
    static final Map<String, Double> BUDGETS = Map.of(
            "chat.ratio.bytes", 1.15,
            "chat.ratio.cpu", 1.25,
            "delta.plinth.bytes", 150.0,
            "delta.ratio.cpu", 1.15,
            "first-delta.ratio", 1.3,
            "tool.ratio.bytes", 1.2,
            "embeddings.base64.ratio.bytes", 1.0,
            "embeddings.float.databinding-ratio.bytes", 0.25,
            "cold-start.ratio", 1.15);

    private final Map<String, List<Double>> measured = new LinkedHashMap<>();

    void add(String figure, double value) {
        measured.computeIfAbsent(figure, key -> new ArrayList<>()).add(value);
    }

    void write(Figures figures) {
        List<String> met = new ArrayList<>();
        List<String> missed = new ArrayList<>();
        List<String> undecided = new ArrayList<>();
        measured.forEach((figure, values) -> {
            Spread spread = new Spread(values);
            figures.set(figure, text(spread.median()));
            if (values.size() > 1) {
                figures.set(figure + ".range", text(spread.least()) + ".." + text(spread.most()));
            }
            Double budget = BUDGETS.get(figure);
            if (budget != null) {
                figures.set(figure + ".budget", text(budget));
                (spread.most() <= budget ? met : spread.least() > budget ? missed : undecided).add(figure);
            }
        });
        figures.set("budgets.met", names(met));
        figures.set("budgets.missed", names(missed));
        figures.set("budgets.undecided", names(undecided));
    }

    private static String names(List<String> figures) {
        return figures.isEmpty() ? "none" : String.join(",", figures);
    }

    private static String text(double value) {
        int decimals = value < 10 ? 3 : value < 1000 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
