package dev.plinth.feedback;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The Levenshtein distance of two texts, counted in code points.
 *
 * <p>Bit-parallel: G. Myers, "A fast bit-vector algorithm for approximate string matching based on dynamic
 * programming", J. ACM 46(3), 1999, in the form for the global distance and more than one machine word of H. Hyyrö,
 * "A bit-vector algorithm for computing Levenshtein and Damerau edit distances", 2003. 64 rows of the table are done
 * at a time, from left to right; what passes from one strip of rows to the next is the difference between
 * neighbouring columns, which is -1, 0 or 1.
 */
final class Levenshtein {

    private static final int ROWS = Long.SIZE;

    private Levenshtein() {}

    static int distance(int[] one, int[] other) {
        if (one.length == 0 || other.length == 0) {
            return Math.max(one.length, other.length);
        }
        Map<Integer, Integer> numbers = new HashMap<>();
        int[] rows = numbered(one, numbers);
        int[] columns = numbered(other, numbers);
        long[] matches = new long[numbers.size()];

        byte[] steps = new byte[columns.length];
        Arrays.fill(steps, (byte) 1);
        for (int from = 0; from < rows.length; from += ROWS) {
            int to = Math.min(from + ROWS, rows.length);
            Arrays.fill(matches, 0);
            for (int row = from; row < to; row++) {
                matches[rows[row]] |= 1L << (row - from);
            }
            strip(columns, matches, 1L << (to - from - 1), steps);
        }
        int distance = rows.length;
        for (byte step : steps) {
            distance += step;
        }
        return distance;
    }

    // The names are those of the papers: differences of +1 and -1, vertical and horizontal.
    private static void strip(int[] columns, long[] matches, long lastRow, byte[] steps) {
        long plusVertical = -1L;
        long minusVertical = 0;
        for (int column = 0; column < columns.length; column++) {
            int stepIn = steps[column];
            long equal = matches[columns[column]];
            long vertical = equal | minusVertical;
            if (stepIn < 0) {
                equal |= 1;
            }
            long horizontal = (((equal & plusVertical) + plusVertical) ^ plusVertical) | equal;
            long plusHorizontal = minusVertical | ~(horizontal | plusVertical);
            long minusHorizontal = plusVertical & horizontal;
            steps[column] = (byte) ((plusHorizontal & lastRow) != 0 ? 1 : (minusHorizontal & lastRow) != 0 ? -1 : 0);
            plusHorizontal = (plusHorizontal << 1) | (stepIn > 0 ? 1 : 0);
            minusHorizontal = (minusHorizontal << 1) | (stepIn < 0 ? 1 : 0);
            plusVertical = minusHorizontal | ~(vertical | plusHorizontal);
            minusVertical = plusHorizontal & vertical;
        }
    }

    private static int[] numbered(int[] codePoints, Map<Integer, Integer> numbers) {
        return Arrays.stream(codePoints)
                .map(codePoint -> numbers.computeIfAbsent(codePoint, key -> numbers.size()))
                .toArray();
    }
}
