package dev.plinth.providers.onnx;

import java.util.Arrays;

/** A growing array of ints: token ids without boxing. */
final class TokenIds {

    private int[] values;
    private int size;

    TokenIds(int capacity) {
        values = new int[Math.max(4, capacity)];
    }

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    int size() {
        return size;
    }

    void truncate(int newSize) {
        size = newSize;
    }

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
