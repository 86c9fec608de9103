package dev.plinth.rag.connectors.imap;

import java.util.Arrays;
import java.util.stream.LongStream;

/** A set of the numbers under which a folder keeps its mails, as text in ranges: {@code 1:500,502}. Immutable. */
final class Uids {
    static final Uids NONE = new Uids(new long[0]);

    private static final int MOST = 10_000_000;

    private final long[] sorted;

    private Uids(long[] sorted) {
        this.sorted = sorted;
    }

    static Uids of(LongStream uids) {
        return new Uids(uids.sorted().distinct().toArray());
    }

    /** @throws IllegalArgumentException if it is no such text */
    static Uids parse(String text) {
        LongStream.Builder all = LongStream.builder();
        for (String range : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            int colon = range.indexOf(':');
            long first = Long.parseLong(colon < 0 ? range : range.substring(0, colon));
            long last = colon < 0 ? first : Long.parseLong(range.substring(colon + 1));
            if (first < 1 || last < first || last - first > MOST) {
                throw new IllegalArgumentException("uids: " + range + " (expected: numbers, ascending)");
            }
            LongStream.rangeClosed(first, last).forEach(all);
        }
        return of(all.build());
    }

    int size() {
        return sorted.length;
    }

    boolean contains(long uid) {
        return Arrays.binarySearch(sorted, uid) >= 0;
    }

    /** In ascending order. */
    LongStream stream() {
        return Arrays.stream(sorted);
    }

    Uids plus(Uids others) {
        return of(LongStream.concat(stream(), others.stream()));
    }

    Uids minus(Uids others) {
        return new Uids(stream().filter(uid -> !others.contains(uid)).toArray());
    }

    Uids first(int most) {
        return new Uids(Arrays.copyOf(sorted, Math.min(most, sorted.length)));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int from = 0; from < sorted.length; ) {
            int to = from;
            while (to + 1 < sorted.length && sorted[to + 1] == sorted[to] + 1) {
                to++;
            }
            text.append(text.length() == 0 ? "" : ",").append(sorted[from]);
            if (to > from) {
                text.append(':').append(sorted[to]);
            }
            from = to + 1;
        }
        return text.toString();
    }
}
