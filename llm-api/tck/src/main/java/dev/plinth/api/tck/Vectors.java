package dev.plinth.api.tck;

import java.util.Random;

/** Plain arithmetic on vectors, in double precision. */
final class Vectors {
    private Vectors() {}

    static double cosine(float[] one, float[] other) {
        double dot = 0;
        double oneSquared = 0;
        double otherSquared = 0;
        for (int i = 0; i < one.length; i++) {
            dot += (double) one[i] * other[i];
            oneSquared += (double) one[i] * one[i];
            otherSquared += (double) other[i] * other[i];
        }
        return dot / (Math.sqrt(oneSquared) * Math.sqrt(otherSquared));
    }

    static boolean isUsable(float[] vector) {
        boolean direction = false;
        for (float value : vector) {
            if (!Float.isFinite(value)) {
                return false;
            }
            direction |= value != 0;
        }
        return direction;
    }

    static float[] random(Random random, int dimensions) {
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    static float[] scaled(float[] vector, float factor) {
        float[] scaled = vector.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= factor;
        }
        return scaled;
    }
}
