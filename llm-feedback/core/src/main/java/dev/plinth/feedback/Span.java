package dev.plinth.feedback;

import java.util.Arrays;

/**
 * The part in which two sequences differ: what is left without their common beginning and end.
 *
 * @param start the same in both
 * @param end in the one, exclusive
 * @param otherEnd in the other, exclusive
 */
record Span(int start, int end, int otherEnd) {

    static Span differing(int[] one, int[] other) {
        int shorter = Math.min(one.length, other.length);
        int start = 0;
        while (start < shorter && one[start] == other[start]) {
            start++;
        }
        int same = 0;
        while (same < shorter - start && one[one.length - 1 - same] == other[other.length - 1 - same]) {
            same++;
        }
        return new Span(start, one.length - same, other.length - same);
    }

    int length() {
        return end - start;
    }

    int otherLength() {
        return otherEnd - start;
    }

    long cells() {
        return (long) length() * otherLength();
    }

    int[] of(int[] one) {
        return Arrays.copyOfRange(one, start, end);
    }

    int[] ofOther(int[] other) {
        return Arrays.copyOfRange(other, start, otherEnd);
    }
}
