package dev.plinth.rag.index;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** A set of row numbers as bits. */
final class RowSet {
    private long[] words = new long[4];
    private int count;

    static RowSet where(RowSet base, int rows, IntPredicate predicate) {
        RowSet result = new RowSet();
        for (int row = base.next(0, rows); row < rows; row = base.next(row + 1, rows)) {
            if (predicate.test(row)) {
                result.add(row);
            }
        }
        return result;
    }

    void add(int row) {
        int word = row >>> 6;
        if (word >= words.length) {
            words = Arrays.copyOf(words, Math.max(word + 1, words.length * 2));
        }
        if ((words[word] & (1L << row)) == 0) {
            words[word] |= 1L << row;
            count++;
        }
    }

    void remove(int row) {
        if (contains(row)) {
            words[row >>> 6] &= ~(1L << row);
            count--;
        }
    }

    boolean contains(int row) {
        int word = row >>> 6;
        return word < words.length && (words[word] & (1L << row)) != 0;
    }

    int count() {
        return count;
    }

    /** How many rows from {@code from} (a multiple of 64) and below {@code to} are in the set. */
    int count(int from, int to) {
        int sum = 0;
        for (int word = from >>> 6; word < Math.min((to + 63) >>> 6, words.length); word++) {
            sum += Long.bitCount(words[word]);
        }
        return sum;
    }

    /** The first row in the set at or after {@code from}, or {@code limit}. */
    int next(int from, int limit) {
        int word = from >>> 6;
        if (word >= words.length) {
            return limit;
        }
        long rest = words[word] & (-1L << from);
        while (rest == 0) {
            if (++word >= words.length) {
                return limit;
            }
            rest = words[word];
        }
        return Math.min(limit, (word << 6) + Long.numberOfTrailingZeros(rest));
    }

    /** A new array of the rows in ascending order. */
    int[] toArray(int limit) {
        int[] rows = new int[count];
        int size = 0;
        for (int row = next(0, limit); row < limit; row = next(row + 1, limit)) {
            rows[size++] = row;
        }
        return size == count ? rows : Arrays.copyOf(rows, size);
    }
}
