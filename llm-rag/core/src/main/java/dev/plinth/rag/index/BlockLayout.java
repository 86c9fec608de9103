package dev.plinth.rag.index;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Blocks of 256 vectors, each stored dimension by dimension: dimension d of vector j in a block lies at
 * {@code d * 256 + j}. The inner loop of a scan then runs over vectors and not over dimensions: no floating-point
 * reduction, which Java may not reorder, so the JIT compiler vectorises it on every JDK without a flag. This is the
 * fast layout for exact scans and a slow one for single rows.
 */
final class BlockLayout implements VectorLayout {
    static final int BLOCK = 256;

    /** With fewer wanted rows than this in a block, single dot products cost less than the whole block. */
    private static final int WORTH_A_SCAN = 24;

    private final int length;
    private float[][] blocks = new float[0][];

    BlockLayout(int length) {
        this.length = length;
    }

    @Override
    public void put(int row, float[] vector) {
        int block = row / BLOCK;
        if (block >= blocks.length) {
            int previous = blocks.length;
            blocks = Arrays.copyOf(blocks, Math.max(block + 1, previous + previous / 2));
        }
        if (blocks[block] == null) {
            blocks[block] = new float[BLOCK * length];
        }
        float[] target = blocks[block];
        int column = row % BLOCK;
        for (int d = 0; d < length; d++) {
            target[d * BLOCK + column] = vector[d];
        }
    }

    @Override
    public void copy(int row, float[] target) {
        float[] block = blocks[row / BLOCK];
        int column = row % BLOCK;
        for (int d = 0; d < length; d++) {
            target[d] = block[d * BLOCK + column];
        }
    }

    @Override
    public float dot(int row, float[] query) {
        float[] block = blocks[row / BLOCK];
        int column = row % BLOCK;
        float sum = 0;
        for (int d = 0; d < length; d += 4) {
            int at = d * BLOCK + column;
            sum += query[d] * block[at]
                    + query[d + 1] * block[at + BLOCK]
                    + query[d + 2] * block[at + 2 * BLOCK]
                    + query[d + 3] * block[at + 3 * BLOCK];
        }
        return sum;
    }

    @Override
    public void scan(float[] query, int rows, RowSet allowed, TopK best) {
        float[] sums = new float[BLOCK];
        for (int from = 0; from < rows; from += BLOCK) {
            int to = Math.min(rows, from + BLOCK);
            int wanted = allowed.count(from, to);
            if (wanted >= WORTH_A_SCAN) {
                scanBlock(blocks[from / BLOCK], query, sums);
                offer(sums, from, to, wanted == to - from ? null : allowed, best);
            } else if (wanted > 0) {
                for (int row = allowed.next(from, to); row < to; row = allowed.next(row + 1, to)) {
                    best.offer(row, dot(row, query));
                }
            }
        }
    }

    /** Sets {@code sums[j]} to the dot product of the query and vector j of a block in this layout. */
    static void scanBlock(float[] block, float[] query, float[] sums) {
        Arrays.fill(sums, 0);
        for (int d = 0; d < query.length; d += 4) {
            addFourDimensions(sums, block, d * BLOCK, query[d], query[d + 1], query[d + 2], query[d + 3]);
        }
    }

    private static void addFourDimensions(float[] sums, float[] block, int at, float a, float b, float c, float d) {
        for (int j = 0; j < BLOCK; j++) {
            sums[j] += a * block[at + j]
                    + b * block[at + BLOCK + j]
                    + c * block[at + 2 * BLOCK + j]
                    + d * block[at + 3 * BLOCK + j];
        }
    }

    private static void offer(float[] sums, int from, int to, @Nullable RowSet only, TopK best) {
        float floor = best.floor();
        for (int row = from; row < to; row++) {
            float score = sums[row - from];
            if (score >= floor && (only == null || only.contains(row))) {
                best.offer(row, score);
                floor = best.floor();
            }
        }
    }
}
