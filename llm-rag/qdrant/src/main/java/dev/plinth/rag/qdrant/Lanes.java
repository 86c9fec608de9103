package dev.plinth.rag.qdrant;

import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.Value;
import dev.plinth.rag.index.SortableBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A number or a text as whole numbers below 2^53, which Qdrant compares exactly: of two values, the one is larger whose
 * first number that differs is. Of a long text, the start is kept.
 */
final class Lanes {
    /** How many there are at most. */
    static final int MOST = 12;

    private static final int UNITS = 3;

    private Lanes() {}

    static List<Long> of(Value value) {
        return value instanceof Value.Text text ? of(text.text()) : ofNumber(value);
    }

    /**
     * As {@link #of}, of a value that others are compared with.
     *
     * @throws IllegalArgumentException if it is so long that its end is not kept
     */
    static List<Long> bound(Value value) {
        if (value instanceof Value.Text text) {
            int longest = UNITS * MOST - 1;
            int length = text.text().length();
            Check.that(length <= longest, "value.length", length, "<= " + longest + " to be compared with");
        }
        return of(value);
    }

    /** Three characters a number, 17 bits each, in which 0 is the end. */
    private static List<Long> of(String text) {
        List<Long> lanes = new ArrayList<>();
        for (int start = 0; start <= text.length() && lanes.size() < MOST; start += UNITS) {
            long lane = 0;
            for (int i = start; i < start + UNITS; i++) {
                lane = lane << 17 | (i < text.length() ? text.charAt(i) + 1L : 0);
            }
            lanes.add(lane);
        }
        return lanes;
    }

    private static List<Long> ofNumber(Value value) {
        ByteBuffer bytes = ByteBuffer.wrap(SortableBytes.ofNumber(value)); // ten of them
        long first = bytes.getLong();
        return List.of(first >>> 16, (first & 0xFFFF) << 16 | bytes.getShort() & 0xFFFF);
    }
}
