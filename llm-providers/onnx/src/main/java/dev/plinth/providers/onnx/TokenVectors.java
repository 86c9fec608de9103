package dev.plinth.providers.onnx;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.MalformedResponseException;
import java.util.Arrays;

/** The vectors of one text's tokens, as a model put them out one after the other. */
final class TokenVectors {

    private final float[] values;
    private final int tokens;
    private final int dimensions;

    /**
     * @param values may go on after the last token
     * @param tokens how many there are, marks included
     */
    TokenVectors(float[] values, int tokens, int dimensions) {
        this.values = values;
        this.tokens = tokens;
        this.dimensions = dimensions;
    }

    /** One vector for the text. */
    float[] pooled(Pooling pooling) {
        return pooling == Pooling.CLS ? token(0) : mean();
    }

    /** The vectors of these tokens. */
    float[][] range(int from, int to) {
        float[][] range = new float[to - from][];
        for (int i = 0; i < range.length; i++) {
            range[i] = token(from + i);
        }
        return range;
    }

    private float[] token(int position) {
        return Arrays.copyOfRange(values, position * dimensions, (position + 1) * dimensions);
    }

    private float[] mean() {
        float[] mean = new float[dimensions];
        for (int token = 0; token < tokens; token++) {
            int offset = token * dimensions;
            for (int d = 0; d < mean.length; d++) {
                mean[d] += values[offset + d];
            }
        }
        for (int d = 0; d < mean.length; d++) {
            mean[d] /= tokens;
        }
        return mean;
    }

    /**
     * The length of a vector a model put out.
     *
     * @throws MalformedResponseException if it is zero or not finite, so that the vector has no direction
     */
    static double length(float[] vector, ErrorDetails details) {
        double sum = 0;
        for (float value : vector) {
            sum += (double) value * value;
        }
        double length = Math.sqrt(sum);
        if (!(length > 0 && length < Double.POSITIVE_INFINITY)) {
            throw new MalformedResponseException(
                    "vector length: " + length + " (expected: > 0, finite)", details, null);
        }
        return length;
    }

    /** Brings a vector to length 1, in place. */
    static void scaleToOne(float[] vector, ErrorDetails details) {
        double length = length(vector, details);
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] / length);
        }
    }
}
