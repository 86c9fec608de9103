package dev.plinth.rag.index;

import java.util.Arrays;

/**
 * One bit for each dimension of each vector: 1 where the vector lies above the centre. The share of bits in which two
 * codes differ grows with the angle between the vectors, so the Hamming distance finds candidates at 1/32 of the
 * memory; which of them are best is then decided with the floats.
 */
final class SignCodes {
    private static final int SEGMENT = 4096;

    private final int dimension;
    private final int words;
    private final float[] centre;
    private long[][] segments = new long[0][];

    /** @param centre subtracted before the sign is taken, of at least {@code dimension} values */
    SignCodes(int dimension, float[] centre) {
        this.dimension = dimension;
        this.words = (dimension + 63) / 64;
        this.centre = centre;
    }

    long[] encode(float[] vector) {
        long[] code = new long[words];
        for (int d = 0; d < dimension; d++) {
            if (vector[d] > centre[d]) {
                code[d >>> 6] |= 1L << d;
            }
        }
        return code;
    }

    void put(int row, float[] vector) {
        int segment = row / SEGMENT;
        if (segment >= segments.length) {
            int previous = segments.length;
            segments = Arrays.copyOf(segments, Math.max(segment + 1, previous + previous / 2));
        }
        if (segments[segment] == null) {
            segments[segment] = new long[SEGMENT * words];
        }
        System.arraycopy(encode(vector), 0, segments[segment], row % SEGMENT * words, words);
    }

    /** The largest distance there can be. */
    int maxDistance() {
        return words * 64;
    }

    int distance(int row, long[] code) {
        long[] segment = segments[row / SEGMENT];
        int at = row % SEGMENT * words;
        int distance = 0;
        for (int word = 0; word < words; word++) {
            distance += Long.bitCount(segment[at + word] ^ code[word]);
        }
        return distance;
    }

    /** Writes the distances of rows 0 to {@code rows} into {@code target} and counts them into {@code histogram}. */
    void distances(long[] code, int rows, short[] target, int[] histogram) {
        for (int from = 0; from < rows; from += SEGMENT) {
            int count = Math.min(rows - from, SEGMENT);
            long[] segment = segments[from / SEGMENT];
            if (words == 6) {
                sixWords(segment, code, from, count, target);
            } else {
                anyWords(segment, code, from, count, target);
            }
            for (int row = from; row < from + count; row++) {
                histogram[target[row]]++;
            }
        }
    }

    /** 384 dimensions, the usual size of small models: written out, so that the code stays in registers. */
    private static void sixWords(long[] segment, long[] code, int from, int count, short[] target) {
        long c0 = code[0];
        long c1 = code[1];
        long c2 = code[2];
        long c3 = code[3];
        long c4 = code[4];
        long c5 = code[5];
        for (int i = 0, at = 0; i < count; i++, at += 6) {
            target[from + i] = (short) (Long.bitCount(segment[at] ^ c0)
                    + Long.bitCount(segment[at + 1] ^ c1)
                    + Long.bitCount(segment[at + 2] ^ c2)
                    + Long.bitCount(segment[at + 3] ^ c3)
                    + Long.bitCount(segment[at + 4] ^ c4)
                    + Long.bitCount(segment[at + 5] ^ c5));
        }
    }

    private void anyWords(long[] segment, long[] code, int from, int count, short[] target) {
        int width = words;
        int even = width & ~1;
        for (int i = 0, at = 0; i < count; i++, at += width) {
            int distance = 0;
            for (int word = 0; word < even; word += 2) {
                distance += Long.bitCount(segment[at + word] ^ code[word])
                        + Long.bitCount(segment[at + word + 1] ^ code[word + 1]);
            }
            if (even < width) {
                distance += Long.bitCount(segment[at + even] ^ code[even]);
            }
            target[from + i] = (short) distance;
        }
    }
}
