package dev.plinth.providers.onnx;

/**
 * How well a document answers to each token of a query: the cosine of the token and its nearest token in the document,
 * averaged over the query, so that scores of long and short queries compare. ColBERT takes the sum.
 */
final class MaxSim {

    private MaxSim() {}

    /**
     * From -1 to 1.
     *
     * @param query vectors of length 1, at least one
     * @param document vectors of length 1, at least one
     */
    static double of(float[][] query, float[][] document) {
        double sum = 0;
        for (float[] token : query) {
            sum += nearest(token, document);
        }
        return sum / query.length;
    }

    private static float nearest(float[] token, float[][] document) {
        float nearest = -1;
        for (float[] other : document) {
            nearest = Math.max(nearest, dot(token, other));
        }
        return Math.min(nearest, 1); // rounding may lead beyond
    }

    // Four sums, since one alone makes each addition wait for the one before.
    private static float dot(float[] a, float[] b) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int i = 0;
        for (; i < a.length - 3; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < a.length; i++) {
            s0 += a[i] * b[i];
        }
        return s0 + s1 + s2 + s3;
    }
}
