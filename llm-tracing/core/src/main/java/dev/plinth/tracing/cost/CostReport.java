package dev.plinth.tracing.cost;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.usage.Cost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What calls cost, told apart by every {@link Dimension}. Whichever way it is cut, the parts sum to {@link #total()}.
 *
 * <pre>{@code
 * CostReport report = ledger.report();
 * report.by(Dimension.TEAM).forEach((team, totals) -> System.out.println(team + " " + totals.cost()));
 * System.out.println(report.where(Dimension.TEAM, "support").table(Dimension.PROMPT, Dimension.PROMPT_VERSION));
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class CostReport {

    /** Of nothing. */
    public static final CostReport EMPTY = new CostReport(Map.of());

    private final Map<Map<Dimension, String>, Totals> lines;

    private CostReport(Map<Map<Dimension, String>, Totals> lines) {
        this.lines = Collections.unmodifiableMap(lines);
    }

    /** @param lines by the values of all dimensions */
    static CostReport of(Map<Map<Dimension, String>, Totals> lines) {
        return new CostReport(new HashMap<>(lines));
    }

    /**
     * What calls came to that are alike in every dimension.
     *
     * @param of the value of every dimension
     * @param totals of these calls
     */
    public record Line(Map<Dimension, String> of, Totals totals) {
        public Line {
            of = Collections.unmodifiableMap(new EnumMap<>(of));
        }
    }

    /** All lines, in the order of the dimensions. */
    public List<Line> lines() {
        return lines.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(LineOrder.BY_VALUES))
                .map(line -> new Line(line.getKey(), line.getValue()))
                .toList();
    }

    /** All lines together. */
    public Totals total() {
        return lines.values().stream().reduce(Totals.NONE, Totals::plus);
    }

    /** The totals for each value of a dimension, the dearest first. */
    public Map<String, Totals> by(Dimension dimension) {
        Map<String, Totals> byValue = new LinkedHashMap<>();
        by(List.of(dimension)).forEach(line -> byValue.put(value(line.getKey(), dimension), line.getValue()));
        return Collections.unmodifiableMap(byValue);
    }

    /** Only what has this value there. */
    public CostReport where(Dimension dimension, String value) {
        Check.notNull(value, "value");
        return where(line -> value(line, dimension).equals(value));
    }

    /** This and the other one, such as of another process or another month. */
    public CostReport plus(CostReport other) {
        Map<Map<Dimension, String>, Totals> sum = new HashMap<>(lines);
        other.lines.forEach((line, totals) -> sum.merge(line, totals, Totals::plus));
        return new CostReport(sum);
    }

    /**
     * The same with a fee for reserved capacity shared among those who used it, by their tokens, in place of what their
     * requests are said to cost. The shares sum to the fee. When nobody used it, it stands on a line of its own whose
     * only values are the provider and the model.
     *
     * @param provider who serves the model
     * @param model the model whose capacity is reserved; its name with a day behind it, as answers have it, is meant too
     * @param fee for the time of this report
     */
    public CostReport sharing(String provider, String model, Cost fee) {
        Check.notBlank(provider, "provider");
        Check.notBlank(model, "model");
        Check.notNull(fee, "fee");
        CostReport users = where(line -> value(line, Dimension.PROVIDER).equals(provider)
                && (value(line, Dimension.MODEL).equals(model)
                        || DatedName.withoutDay(value(line, Dimension.MODEL)).equals(model)));
        Map<Map<Dimension, String>, Totals> shared = new HashMap<>(lines);
        shared.putAll(new SharedFee(fee).among(users.lines, provider, model));
        return new CostReport(shared);
    }

    /** The report as a table for people: a line for each combination of these, the dearest first, and the total. */
    public String table(Dimension... dimensions) {
        Check.that(dimensions.length > 0, "dimensions", "none", "at least one");
        List<Dimension> columns = List.of(dimensions);
        return CostTable.of(columns, by(columns), total());
    }

    /**
     * Writes the report: a JSON object for each line, which {@code docs/formats/cost-line.schema.json} describes. A file that
     * is there is replaced as a whole, so that it holds the old or the new report at any time, and keeps its permissions; a
     * folder that is missing is made. An interrupt does not end it.
     *
     * @throws StoreException if it cannot be written
     */
    public void write(Path file) {
        Path target = Check.notNull(file, "file").toAbsolutePath();
        String text =
                lines().stream().map(line -> ReportWriter.line(line) + "\n").collect(Collectors.joining());
        try {
            WholeFile.replace(target, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new StoreException("report: " + file + " (expected: a file to write)", ErrorDetails.NONE, broken);
        }
    }

    /**
     * Reads a report.
     *
     * @throws dev.plinth.api.error.InvalidFileException if it is none, naming every place that is wrong
     * @throws StoreException if the file cannot be read
     */
    public static CostReport read(Path file) {
        Check.notNull(file, "file");
        try {
            return ReportReader.read(
                    Files.readAllLines(file), file.getFileName().toString());
        } catch (IOException broken) {
            throw new StoreException(
                    "report: " + file + " (expected: a readable UTF-8 file)", ErrorDetails.NONE, broken);
        }
    }

    /** The totals, as {@code CostReport[12 lines, 340 calls, USD 1.25]}. */
    @Override
    public String toString() {
        Totals total = total();
        return "CostReport[" + lines.size() + " lines, " + total.calls() + " calls, " + total.cost() + "]";
    }

    Map<Map<Dimension, String>, Totals> keyed() {
        return lines;
    }

    /** The totals for each combination of values, the dearest first. */
    private List<Map.Entry<Map<Dimension, String>, Totals>> by(List<Dimension> dimensions) {
        Map<Map<Dimension, String>, Totals> sums = new HashMap<>();
        lines.forEach((line, totals) -> sums.merge(only(dimensions, line), totals, Totals::plus));
        return sums.entrySet().stream().sorted(LineOrder.DEAREST_FIRST).toList();
    }

    private CostReport where(Predicate<Map<Dimension, String>> wanted) {
        Map<Map<Dimension, String>, Totals> some = new HashMap<>(lines);
        some.keySet().removeIf(wanted.negate());
        return new CostReport(some);
    }

    private static Map<Dimension, String> only(List<Dimension> dimensions, Map<Dimension, String> line) {
        Map<Dimension, String> some = new EnumMap<>(line);
        some.keySet().retainAll(dimensions);
        return some;
    }

    private static String value(Map<Dimension, String> line, Dimension dimension) {
        return line.getOrDefault(dimension, "");
    }
}
