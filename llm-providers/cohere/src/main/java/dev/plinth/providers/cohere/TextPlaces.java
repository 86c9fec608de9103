package dev.plinth.providers.cohere;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Where a character of a text block stands in the whole text. Cohere counts code points from the start of a block; we
 * count chars from the start of the text. So the blocks and the characters of two chars are kept in mind while the text
 * comes, and not the text itself.
 *
 * <p>Not thread-safe.
 */
final class TextPlaces {

    private final Map<Long, Integer> starts = new HashMap<>(2);
    private int[] pairs = new int[4];
    private int pairCount;
    private int length;

    /**
     * More text.
     *
     * @param block the vendor's number of the block it belongs to
     */
    void add(String text, long block) {
        starts.putIfAbsent(block, length);
        for (int i = 0; i < text.length(); i++) {
            if (Character.isHighSurrogate(text.charAt(i))) {
                keep(length + i);
            }
        }
        length += text.length();
    }

    private void keep(int place) {
        if (pairCount == pairs.length) {
            pairs = Arrays.copyOf(pairs, 2 * pairCount);
        }
        pairs[pairCount++] = place;
    }

    /** How many chars there are. */
    int length() {
        return length;
    }

    /** The place of a code point of a block, never outside the text; of a block that has no text, of the text. */
    int of(long codePoint, long block) {
        long place = starts.getOrDefault(block, 0) + Math.max(0, Math.min(length, codePoint));
        for (int i = 0; i < pairCount && pairs[i] < place; i++) {
            if (pairs[i] >= starts.getOrDefault(block, 0)) {
                place++;
            }
        }
        return (int) Math.min(length, place);
    }
}
