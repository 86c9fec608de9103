package dev.plinth.rag.index;

import java.util.Arrays;

/** Vectors one after another, in segments of 1,024: the layout for looking at few rows, as rescoring does. */
final class RowLayout implements VectorLayout {
    private static final int SEGMENT = 1024;

    private final int length;
    private float[][] segments = new float[0][];

    RowLayout(int length) {
        this.length = length;
    }

    @Override
    public void put(int row, float[] vector) {
        int segment = row / SEGMENT;
        if (segment >= segments.length) {
            int previous = segments.length;
            segments = Arrays.copyOf(segments, Math.max(segment + 1, previous + previous / 2));
        }
        if (segments[segment] == null) {
            segments[segment] = new float[SEGMENT * length];
        }
        System.arraycopy(vector, 0, segments[segment], row % SEGMENT * length, length);
    }

    @Override
    public void copy(int row, float[] target) {
        System.arraycopy(segments[row / SEGMENT], row % SEGMENT * length, target, 0, length);
    }

    @Override
    public float dot(int row, float[] query) {
        float[] segment = segments[row / SEGMENT];
        int at = row % SEGMENT * length;
        float sum = 0;
        for (int d = 0; d < length; d += 4) {
            sum += query[d] * segment[at + d]
                    + query[d + 1] * segment[at + d + 1]
                    + query[d + 2] * segment[at + d + 2]
                    + query[d + 3] * segment[at + d + 3];
        }
        return sum;
    }
}
