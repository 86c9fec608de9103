package dev.plinth.rag.index;

import dev.plinth.api.check.Check;

/** Checks vectors, brings them to length 1 as a store does with all it is given, and compares them. */
public final class UnitVector {
    private UnitVector() {}

    /**
     * A copy of length 1. The squares are summed in double precision, so that none is too large or too small.
     *
     * @param name of the argument, for the error
     * @throws IllegalArgumentException if the vector has another number of dimensions, a value that is not finite, or no
     *     direction
     */
    public static float[] of(float[] vector, int dimensions, String name) {
        return of(vector, dimensions, dimensions, name);
    }

    /** The same, padded with zeros as {@link VectorLayout} wants it. */
    static float[] padded(float[] vector, int dimensions, String name) {
        return of(vector, dimensions, VectorLayout.padded(dimensions), name);
    }

    /**
     * The cosine of two vectors of any length, 0 if one has no direction.
     *
     * @throws IllegalArgumentException if they differ in their number of dimensions
     */
    public static double cosine(float[] one, float[] other) {
        Check.that(one.length == other.length, "other.length", other.length, String.valueOf(one.length));
        double dot = 0;
        double ones = 0;
        double others = 0;
        for (int d = 0; d < one.length; d++) {
            dot += (double) one[d] * other[d];
            ones += (double) one[d] * one[d];
            others += (double) other[d] * other[d];
        }
        return ones == 0 || others == 0 ? 0 : dot / Math.sqrt(ones * others);
    }

    private static float[] of(float[] vector, int dimensions, int length, String name) {
        Check.that(vector.length == dimensions, name + ".length", vector.length, String.valueOf(dimensions));
        double squares = 0;
        for (int d = 0; d < dimensions; d++) {
            Check.that(Float.isFinite(vector[d]), name + "[" + d + "]", vector[d], "a finite number");
            squares += (double) vector[d] * vector[d];
        }
        Check.that(squares > 0, name, "all zero", "a direction");
        double factor = 1 / Math.sqrt(squares);
        float[] unit = new float[length];
        for (int d = 0; d < dimensions; d++) {
            unit[d] = (float) (vector[d] * factor);
        }
        return unit;
    }
}
