package dev.plinth.api.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Words and the numbers made from them: what the fakes understand of language. */
final class Words {
    private static final int GRAM = 3;

    private Words() {}

    /** The words of the text, lower case, in order. */
    static List<String> of(String text) {
        List<String> words = new ArrayList<>();
        for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+")) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }

    /**
     * A vector of length 1 that points where the words and their pieces of three characters point: each is hashed to a
     * place and a sign (feature hashing). Texts that share words or parts of words are near each other.
     */
    static float[] vector(String text, int dimensions) {
        double[] sums = new double[dimensions];
        for (String word : of(text)) {
            add(sums, "w:" + word, 1);
            String padded = "<" + word + ">";
            for (int i = 0; i + GRAM <= padded.length(); i++) {
                add(sums, "g:" + padded.substring(i, i + GRAM), 0.5);
            }
        }
        double norm = norm(sums);
        if (norm < 1e-9) {
            add(sums, "t:" + text, 1); // no words, or their places cancel out
            norm = norm(sums);
        }
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) (sums[i] / norm);
        }
        return vector;
    }

    /** The cosine of two vectors, from -1 to 1. */
    static double cosine(float[] one, float[] other) {
        double dot = 0;
        double oneSquared = 0;
        double otherSquared = 0;
        for (int i = 0; i < one.length; i++) {
            dot += (double) one[i] * other[i];
            oneSquared += (double) one[i] * one[i];
            otherSquared += (double) other[i] * other[i];
        }
        double cosine = dot / (Math.sqrt(oneSquared) * Math.sqrt(otherSquared));
        return Math.max(-1, Math.min(1, cosine));
    }

    private static void add(double[] sums, String feature, double weight) {
        long hash = hash(feature);
        int place = (int) Long.remainderUnsigned(hash >>> 1, sums.length);
        sums[place] += (hash & 1) == 0 ? weight : -weight;
    }

    private static double norm(double[] values) {
        double squares = 0;
        for (double value : values) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }

    // FNV-1a over UTF-8, then the finaliser of MurmurHash3, whose bits are all equally good.
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (octet & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }
}
