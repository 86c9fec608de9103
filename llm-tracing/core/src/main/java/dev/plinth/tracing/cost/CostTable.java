package dev.plinth.tracing.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Costs as a table of text: names on the left, figures on the right. */
final class CostTable {

    private static final List<String> FIGURES = List.of("calls", "input", "output", "cost", "unpriced", "saved");

    private CostTable() {}

    static String of(List<Dimension> columns, List<Map.Entry<Map<Dimension, String>, Totals>> lines, Totals total) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(columns.stream().map(Dimension::field).toList(), FIGURES));
        for (Map.Entry<Map<Dimension, String>, Totals> line : lines) {
            List<String> names = columns.stream()
                    .map(column -> line.getKey().getOrDefault(column, ""))
                    .map(name -> name.isEmpty() ? "-" : name)
                    .toList();
            rows.add(row(names, figures(line.getValue())));
        }
        List<String> names = new ArrayList<>(columns.stream().map(column -> "").toList());
        names.set(0, "total");
        rows.add(row(names, figures(total)));
        return text(rows, columns.size());
    }

    private static List<String> figures(Totals totals) {
        return List.of(
                count(totals.calls()),
                count(totals.usage().input().orElse(0)),
                count(totals.usage().output().orElse(0)),
                totals.cost().isEmpty() ? "-" : totals.cost().toString(),
                count(totals.unpriced()),
                totals.saved().isEmpty() ? "-" : totals.saved().toString());
    }

    private static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static List<String> row(List<String> names, List<String> figures) {
        List<String> row = new ArrayList<>(names);
        row.addAll(figures);
        return row;
    }

    private static String text(List<List<String>> rows, int names) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                line.append(i == 0 ? "" : "  ").append(i < names ? row.get(i) + padding : padding + row.get(i));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
