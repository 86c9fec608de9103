package dev.plinth.rag.index;

import dev.plinth.api.check.Check;

/** Checks vectors and brings them to length 1. */
final class UnitVector {
    private UnitVector() {}

    /** A copy of length 1, padded with zeros as {@link VectorLayout} wants it. */
    static float[] of(float[] vector, int dimensions, String name) {
        Check.that(vector.length == dimensions, name + ".length", vector.length, String.valueOf(dimensions));
        double squares = 0;
        for (int d = 0; d < dimensions; d++) {
            Check.that(Float.isFinite(vector[d]), name + "[" + d + "]", vector[d], "a finite number");
            squares += (double) vector[d] * vector[d];
        }
        Check.that(squares > 0, name, "all zero", "a direction");
        double factor = 1 / Math.sqrt(squares);
        float[] unit = new float[VectorLayout.padded(dimensions)];
        for (int d = 0; d < dimensions; d++) {
            unit[d] = (float) (vector[d] * factor);
        }
        return unit;
    }
}
