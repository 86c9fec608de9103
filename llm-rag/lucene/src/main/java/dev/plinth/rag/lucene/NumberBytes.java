package dev.plinth.rag.lucene;

import dev.plinth.api.retrieval.Value;
import org.apache.lucene.util.NumericUtils;

/**
 * Whole and decimal numbers as bytes that sort as the exact numbers do: the largest double that is not above the number,
 * and what is left, which is 0 for a decimal and less than 1,024 for a whole number.
 */
final class NumberBytes {
    static final int LENGTH = Long.BYTES + Short.BYTES;

    private NumberBytes() {}

    static byte[] of(Value number) {
        if (number instanceof Value.Whole whole) {
            double below = below(whole.number());
            return of(below, whole.number() - (long) below);
        }
        if (number instanceof Value.Decimal decimal) {
            return of(decimal.number() + 0.0, 0); // a negative zero becomes zero
        }
        throw new IllegalArgumentException("value: " + number + " (expected: a number)");
    }

    private static double below(long number) {
        double nearest = (double) number;
        boolean above = nearest == 0x1p63 || (long) nearest > number;
        return above ? Math.nextDown(nearest) : nearest;
    }

    private static byte[] of(double below, long rest) {
        byte[] bytes = new byte[LENGTH];
        NumericUtils.longToSortableBytes(NumericUtils.doubleToSortableLong(below), bytes, 0);
        bytes[Long.BYTES] = (byte) (rest >> 8);
        bytes[Long.BYTES + 1] = (byte) rest;
        return bytes;
    }
}
