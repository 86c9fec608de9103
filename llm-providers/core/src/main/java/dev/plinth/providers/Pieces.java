package dev.plinth.providers;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes as they were written, kept in pieces, so that none is copied twice: what writes JSON hands over its own buffer,
 * a small body in one piece.
 *
 * <p>Not thread-safe.
 */
final class Pieces extends OutputStream {

    private static final int LEAST = 1024;
    private static final byte[] NONE = {};

    private List<byte[]> full = List.of();
    private byte[] last = NONE;
    private int filled;
    private long size;

    /** Takes the bytes of a piece. */
    interface Sink<E extends Exception> {
        void take(byte[] bytes, int offset, int length) throws E;
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int fits = Math.min(length, last.length - filled);
        System.arraycopy(bytes, offset, last, filled, fits);
        filled += fits;
        int rest = length - fits;
        if (rest > 0) {
            open(rest);
            System.arraycopy(bytes, offset + fits, last, 0, rest);
            filled = rest;
        }
        size += length;
    }

    /** The first piece is often the only one, and then of just the right length. */
    private void open(int length) {
        if (filled > 0) {
            full = full.isEmpty() ? new ArrayList<>() : full;
            full.add(last);
        }
        last = new byte[size == 0 ? length : Math.max(length, LEAST)];
    }

    /** How many bytes there are. */
    long size() {
        return size;
    }

    /** Forgets everything. */
    void reset() {
        full = List.of();
        last = NONE;
        filled = 0;
        size = 0;
    }

    /** Hands over all bytes, in order. */
    <E extends Exception> void writeTo(Sink<E> sink) throws E {
        for (byte[] piece : full) {
            sink.take(piece, 0, piece.length);
        }
        sink.take(last, 0, filled);
    }
}
