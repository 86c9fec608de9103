package dev.plinth.rag.index;

/**
 * Where the numbers of unit vectors lie. Three layouts, one arithmetic: a dot product is summed over groups of four
 * dimensions, from the first, in all, so all give the same bits for the same pair. Vectors are padded with zeros to
 * {@link #padded}.
 */
interface VectorLayout extends AutoCloseable {
    /** Makes room for this many rows in all, so that writing them cannot fail. On the heap there is nothing to do. */
    default void reserve(int rows) {
        // a heap that is full is no failure of this index alone
    }

    /** Writes a padded vector as row {@code row}; rows are written from 0 without gaps, or over again. */
    void put(int row, float[] vector);

    /** Copies a row into {@code target}, which has the padded length. */
    void copy(int row, float[] target);

    float dot(int row, float[] query);

    /** Offers every row of {@code allowed} below {@code rows} with its dot product. */
    default void scan(float[] query, int rows, RowSet allowed, TopK best) {
        for (int row = allowed.next(0, rows); row < rows; row = allowed.next(row + 1, rows)) {
            best.offer(row, dot(row, query));
        }
    }

    /** Releases what is not on the heap. */
    @Override
    default void close() {
        // on the heap nothing has to be released
    }

    /** The length of stored vectors: the dimension, rounded up to a multiple of four. */
    static int padded(int dimension) {
        return (dimension + 3) & ~3;
    }
}
