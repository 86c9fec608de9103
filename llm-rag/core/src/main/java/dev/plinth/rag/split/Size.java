package dev.plinth.rag.split;

import dev.plinth.api.check.Check;

/**
 * How large chunks may be and how much neighbours share, in characters.
 *
 * @param max of a chunk, 16 or more
 * @param overlap at most half of it
 */
record Size(int max, int overlap) {
    private static final int LEAST = 16;

    /** No overlap. */
    static Size of(int max) {
        return new Size(max, 0);
    }

    /** Room for the overlap and for the white space before a part, up to an empty line, is left in a chunk. */
    int part() {
        return overlap == 0 ? max : max - overlap - 2;
    }

    Size withMax(int characters) {
        Check.that(characters >= LEAST, "maxSize", characters, ">= " + LEAST);
        Check.that(characters >= 2 * overlap, "maxSize", characters, ">= " + 2 * overlap + ", twice the overlap");
        return new Size(characters, overlap);
    }

    Size withOverlap(int characters) {
        Check.that(characters >= 0 && characters <= max / 2, "overlap", characters, "0 to " + max / 2);
        return new Size(max, characters);
    }

    /** As part of a fingerprint. */
    @Override
    public String toString() {
        return max + "/" + overlap;
    }
}
