package dev.plinth.bench.wire;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where we differ from the official clients on purpose, each with its reason: {@code wire/differences.tsv}, with the
 * columns file, case, {@code request} or {@code reading}, place and reason. A {@code *} stands for any text.
 */
final class KnownDifferences {

    private final List<Row> rows;

    record Row(String file, String name, String side, String place, String reason) {

        private static Row of(String line) {
            String[] columns = line.split("\t");
            if (columns.length != 5) {
                throw new IllegalArgumentException("differences.tsv: " + line + " (expected: five columns)");
            }
            return new Row(columns[0], columns[1], columns[2], columns[3], columns[4]);
        }

        boolean fits(RecordedCase recorded, String side, Difference difference) {
            return matches(file, recorded.file())
                    && matches(name, recorded.name())
                    && this.side.equals(side)
                    && matches(place, difference.place());
        }

        private static boolean matches(String pattern, String text) {
            StringBuilder regex = new StringBuilder();
            for (String piece : pattern.split("\\*", -1)) {
                regex.append(regex.isEmpty() ? "" : ".*").append(java.util.regex.Pattern.quote(piece));
            }
            return text.matches(regex.toString());
        }
    }

    private KnownDifferences(List<Row> rows) {
        this.rows = rows;
    }

    static KnownDifferences read() throws IOException {
        InputStream file = KnownDifferences.class.getResourceAsStream("/wire/differences.tsv");
        Objects.requireNonNull(file, "differences.tsv");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            return new KnownDifferences(lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Row::of)
                    .toList());
        }
    }

    List<Row> rows() {
        return rows;
    }

    /** Why this difference is meant; empty: it is not. */
    Optional<Row> reason(RecordedCase recorded, String side, Difference difference) {
        return rows.stream().filter(row -> row.fits(recorded, side, difference)).findFirst();
    }
}
