package dev.plinth.rag.index;

/** Rows with their scores, best first; arrays of one length. */
@SuppressWarnings("ArrayRecordComponent") // short-lived carrier inside the package, never compared
record Hits(int[] rows, float[] scores) {
    int size() {
        return rows.length;
    }
}
