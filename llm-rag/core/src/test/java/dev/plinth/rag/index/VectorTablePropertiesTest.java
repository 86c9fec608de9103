package dev.plinth.rag.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The scans against a loop over all pairs. */
class VectorTablePropertiesTest {
    private static float[] unit(Random random, int dimension) {
        float[] vector = new float[dimension];
        for (int d = 0; d < dimension; d++) {
            vector[d] = (float) random.nextGaussian();
        }
        return UnitVector.padded(vector, dimension, "vector");
    }

    private static List<Integer> nearest(List<float[]> vectors, float[] query, int k, RowSet allowed) {
        List<Integer> rows = new ArrayList<>();
        double[] dots = new double[vectors.size()];
        for (int row = 0; row < vectors.size(); row++) {
            if (allowed.contains(row)) {
                rows.add(row);
                for (int d = 0; d < query.length; d++) {
                    dots[row] += (double) vectors.get(row)[d] * query[d];
                }
            }
        }
        rows.sort(Comparator.comparingDouble((Integer row) -> -dots[row]));
        return rows.subList(0, Math.min(k, rows.size()));
    }

    private static List<Integer> rows(Hits hits) {
        List<Integer> rows = new ArrayList<>();
        for (int row : hits.rows()) {
            rows.add(row);
        }
        return rows;
    }

    @Property(tries = 200)
    void exactScanFindsWhatALoopFinds(
            @ForAll @IntRange(min = 1, max = 700) int count,
            @ForAll @IntRange(min = 1, max = 70) int dimension,
            @ForAll @IntRange(min = 1, max = 30) int k,
            @ForAll @IntRange(max = 100) int allowedPercent,
            @ForAll long seed) {
        Random random = new Random(seed);
        VectorTable exact = new VectorTable(dimension, ScanMode.EXACT, 0.97, null);
        VectorTable binary = new VectorTable(dimension, ScanMode.BINARY, 0.97, null);
        List<float[]> vectors = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            vectors.add(unit(random, dimension));
            exact.put(row, vectors.get(row));
            binary.put(row, vectors.get(row));
        }
        binary.measure();
        for (int row = 0; row < count; row += 7) {
            exact.remove(row);
            binary.remove(row);
        }
        RowSet allowed = RowSet.where(exact.live(), count, row -> random.nextInt(100) < allowedPercent);
        float[] query = unit(random, dimension);

        Hits found = exact.search(query, k, allowed);
        List<Integer> expected = nearest(vectors, query, k, allowed);
        // two vectors of one dimension can have the very same direction: then any order is right
        if (dimension > 2) {
            assertThat(rows(found)).isEqualTo(expected);
        }
        assertThat(found.size()).isEqualTo(expected.size());

        Hits approximate = binary.search(query, k, allowed);
        assertThat(approximate.size()).isEqualTo(expected.size());
        assertThat(rows(approximate)).allMatch(allowed::contains).doesNotHaveDuplicates();
        for (int i = 0; i < approximate.size(); i++) {
            int row = approximate.rows()[i];
            RowSet only = new RowSet();
            only.add(row);
            assertThat(approximate.scores()[i])
                    .as("the same bits in both layouts")
                    .isEqualTo(exact.search(query, 1, only).scores()[0]);
        }
    }

    /** Vectors around 50 centres, all pushed to one side as some models do. */
    private static VectorTable clustered(ScanMode mode, double target, float bias, int count) {
        Random random = new Random(42);
        List<float[]> centres = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            centres.add(unit(random, 128));
        }
        VectorTable table = new VectorTable(128, mode, target, null);
        for (int row = 0; row < count; row++) {
            float[] vector = unit(random, 128);
            float[] centre = centres.get(random.nextInt(50));
            for (int d = 0; d < 128; d++) {
                vector[d] = 0.8f * vector[d] + centre[d] + bias;
            }
            table.put(row, UnitVector.padded(vector, 128, "vector"));
        }
        table.measureIfGrown();
        return table;
    }

    @Test
    void usesCodesWhenTheyReachTheTargetAndKeepsTheirPromise() {
        VectorTable table = clustered(ScanMode.AUTO, 0.95, 0, 8000);
        assertThat(table.status().active()).isEqualTo(ScanMode.BINARY);
        assertThat(table.status().measuredRecall().orElseThrow()).isGreaterThan(0.95);
        assertThat(table.status().measuredRows()).isEqualTo(8000);

        VectorTable exact = clustered(ScanMode.EXACT, 0.95, 0, 8000);
        int found = 0;
        float[] vector = new float[128];
        for (int i = 0; i < 100; i++) {
            table.copy(i * 80, vector);
            List<Integer> best = rows(exact.search(vector, 10, exact.live()));
            found += (int) rows(table.search(vector, 10, table.live())).stream()
                    .filter(best::contains)
                    .count();
        }
        assertThat(found / 1000.0).isGreaterThan(0.95);
    }

    @Test
    void centringSavesTheCodesOfBiasedVectors() {
        VectorTable table = clustered(ScanMode.AUTO, 0.95, 0.5f, 8000);
        assertThat(table.status().active()).isEqualTo(ScanMode.BINARY);
    }

    @Test
    void staysExactAndSaysSoWhenCodesMissTheTarget() {
        Random random = new Random(7);
        VectorTable table = new VectorTable(8, ScanMode.AUTO, 0.97, null);
        for (int row = 0; row < 5000; row++) {
            table.put(row, unit(random, 8));
        }
        table.measureIfGrown();
        assertThat(table.status().active()).isEqualTo(ScanMode.EXACT);
        assertThat(table.status().reason()).contains("below the target");
        assertThat(table.status().measuredRecall()).isPresent();
    }

    @Test
    void measuresTheSameTwice() {
        assertThat(clustered(ScanMode.AUTO, 0.97, 0, 5000).status())
                .isEqualTo(clustered(ScanMode.AUTO, 0.97, 0, 5000).status());
    }

    @Test
    void fewVectorsAreScannedExactly() {
        assertThat(clustered(ScanMode.AUTO, 0.97, 0, 1000).status().active()).isEqualTo(ScanMode.EXACT);
    }
}
