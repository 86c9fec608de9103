package dev.plinth.providers.onnx;

import java.util.Arrays;

/** What a model reads at once: one text, or two that belong together, as token ids with their marks. */
final class Sequence {

    private final int[] ids;
    private final int secondStart;

    private Sequence(int[] ids, int secondStart) {
        this.ids = ids;
        this.secondStart = secondStart;
    }

    /** One text. */
    static Sequence of(int[] ids) {
        return new Sequence(ids, ids.length);
    }

    /**
     * Two texts.
     *
     * @param secondStart where the ids of the second one begin
     */
    static Sequence pair(int[] ids, int secondStart) {
        return new Sequence(ids, secondStart);
    }

    /** The ids; not to be changed. */
    int[] ids() {
        return ids;
    }

    int length() {
        return ids.length;
    }

    /** Where the second text begins; {@link #length()} if there is none. */
    int secondStart() {
        return secondStart;
    }

    /** The tokens of all of them. */
    static long tokens(Sequence... sequences) {
        return Arrays.stream(sequences).mapToLong(Sequence::length).sum();
    }
}
