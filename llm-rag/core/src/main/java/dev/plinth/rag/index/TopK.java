package dev.plinth.rag.index;

/**
 * The k best (row, score) pairs seen, in a heap with the worst on top. Of equal scores the lower row is better, so the
 * result does not depend on the order of offers.
 */
final class TopK {
    private final int capacity;
    private final int[] rows;
    private final float[] scores;
    private int size;

    TopK(int capacity) {
        this.capacity = capacity;
        this.rows = new int[capacity];
        this.scores = new float[capacity];
    }

    void offer(int row, float score) {
        if (size < capacity) {
            rows[size] = row;
            scores[size] = score;
            siftUp(size++);
        } else if (capacity > 0 && score >= scores[0] && isBetter(row, score, 0)) {
            rows[0] = row;
            scores[0] = score;
            siftDown();
        }
    }

    int size() {
        return size;
    }

    /** The worst score kept once k are kept, before that negative infinity: what scores below need not be offered. */
    float floor() {
        return size < capacity || capacity == 0 ? Float.NEGATIVE_INFINITY : scores[0];
    }

    /** Empties the heap into arrays, best first. */
    Hits drain() {
        int count = size;
        int[] hitRows = new int[count];
        float[] hitScores = new float[count];
        for (int i = count - 1; i >= 0; i--) {
            hitRows[i] = rows[0];
            hitScores[i] = scores[0];
            size--;
            rows[0] = rows[size];
            scores[0] = scores[size];
            siftDown();
        }
        return new Hits(hitRows, hitScores);
    }

    private boolean isBetter(int row, float score, int than) {
        return score > scores[than] || (score == scores[than] && row < rows[than]);
    }

    private void siftUp(int from) {
        int child = from;
        while (child > 0) {
            int parent = (child - 1) / 2;
            if (!isBetter(rows[parent], scores[parent], child)) {
                return;
            }
            swap(parent, child);
            child = parent;
        }
    }

    private void siftDown() {
        int parent = 0;
        while (true) {
            int worst = 2 * parent + 1;
            if (worst >= size) {
                return;
            }
            if (worst + 1 < size && isBetter(rows[worst], scores[worst], worst + 1)) {
                worst++;
            }
            if (!isBetter(rows[parent], scores[parent], worst)) {
                return;
            }
            swap(parent, worst);
            parent = worst;
        }
    }

    private void swap(int a, int b) {
        int row = rows[a];
        float score = scores[a];
        rows[a] = rows[b];
        scores[a] = scores[b];
        rows[b] = row;
        scores[b] = score;
    }
}
