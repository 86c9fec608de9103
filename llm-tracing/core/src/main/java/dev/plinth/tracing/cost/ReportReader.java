package dev.plinth.tracing.cost;

import dev.plinth.api.error.InvalidFileException;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what {@link ReportWriter} writes. Reads on after a mistake, to name them all. */
final class ReportReader {

    private static final List<String> COUNTS = List.of(
            "calls",
            "failed",
            "cached",
            "requests",
            "inputTokens",
            "cachedInputTokens",
            "cacheWriteTokens",
            "longCacheWriteTokens",
            "outputTokens",
            "reasoningTokens",
            "unreported",
            "estimated",
            "late",
            "unpriced",
            "savedTokens");
    private static final List<String> KEYS = Stream.of(
                    Arrays.stream(Dimension.values()).map(Dimension::field),
                    COUNTS.stream(),
                    Stream.of("cost", "saved"))
            .flatMap(names -> names)
            .toList();
    private static final List<String> AMOUNT_KEYS = List.of("amount", "currency", "priceDate");
    private static final int MOST_DIGITS = 1_000;
    private static final Pattern COUNT = Pattern.compile("\\d{1,18}");

    private ReportReader() {}

    /** @param file its name, for messages */
    static CostReport read(List<String> lines, String file) {
        List<String> problems = new ArrayList<>();
        Map<Map<Dimension, String>, Totals> read = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            String place = file + ":" + (i + 1);
            List<String> own = new ArrayList<>();
            try {
                line(JsonFile.parse(lines.get(i), place), own, read);
            } catch (InvalidFileException broken) {
                problems.addAll(broken.problems());
            }
            own.forEach(problem -> problems.add(place + ": " + problem));
        }
        if (!problems.isEmpty()) {
            throw new InvalidFileException(problems, null);
        }
        return CostReport.of(read);
    }

    private static void line(Object value, List<String> problems, Map<Map<Dimension, String>, Totals> read) {
        JsonEntry entry = JsonEntry.of(value, "", problems, KEYS);
        if (entry == null) {
            return;
        }
        Map<Dimension, String> line = new EnumMap<>(Dimension.class);
        for (Dimension dimension : Dimension.values()) {
            String text = entry.text(dimension.field(), any -> true, "a text");
            line.put(dimension, text == null ? "" : text);
        }
        Map<String, Long> counts = new HashMap<>();
        for (String name : COUNTS) {
            Long count = entry.read(name, "a whole number >= 0", ReportReader::count);
            counts.put(name, count == null ? 0 : count);
        }
        Totals totals = totals(counts, amounts("cost", entry), amounts("saved", entry));
        if (problems.isEmpty()) {
            read.merge(line, totals, Totals::plus);
        }
    }

    private static Totals totals(Map<String, Long> counts, Amounts cost, Amounts saved) {
        Usage usage = Usage.builder()
                .input(of("inputTokens", counts))
                .cachedInput(of("cachedInputTokens", counts))
                .cacheWrite(of("cacheWriteTokens", counts))
                .longCacheWrite(of("longCacheWriteTokens", counts))
                .output(of("outputTokens", counts))
                .reasoning(of("reasoningTokens", counts))
                .build();
        return new Totals(
                of("calls", counts),
                of("failed", counts),
                of("cached", counts),
                of("requests", counts),
                usage,
                of("unreported", counts),
                of("estimated", counts),
                of("late", counts),
                cost,
                of("unpriced", counts),
                of("savedTokens", counts),
                saved);
    }

    private static long of(String name, Map<String, Long> counts) {
        return counts.getOrDefault(name, 0L);
    }

    private static Amounts amounts(String name, JsonEntry entry) {
        Amounts sum = Amounts.NONE;
        if (!entry.has(name)) {
            entry.problem(name, "missing", "a list");
        }
        for (JsonEntry item : entry.entries(name, AMOUNT_KEYS)) {
            BigDecimal amount = item.read("amount", "a number >= 0", ReportReader::amount);
            Currency currency = item.currency("currency");
            LocalDate day = item.date("priceDate");
            if (amount != null && currency != null && day != null) {
                sum = sum.plus(Amounts.of(new Cost(amount, currency, day)));
            }
        }
        return sum;
    }

    /** However it is written; but not so long that adding it up would take for ever. */
    private static @Nullable BigDecimal amount(Object value) {
        if (!(value instanceof JsonFile.Numeral numeral) || numeral.text().length() > MOST_DIGITS) {
            return null;
        }
        try {
            BigDecimal amount = new BigDecimal(numeral.text());
            return amount.signum() >= 0 && Math.abs((long) amount.scale()) <= MOST_DIGITS ? amount : null;
        } catch (ArithmeticException | NumberFormatException tooLarge) {
            return null;
        }
    }

    private static @Nullable Long count(Object value) {
        return value instanceof JsonFile.Numeral numeral
                        && COUNT.matcher(numeral.text()).matches()
                ? Long.valueOf(numeral.text())
                : null;
    }
}
