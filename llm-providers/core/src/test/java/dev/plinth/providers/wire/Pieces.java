package dev.plinth.providers.wire;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** A body that comes in pieces, as a socket hands it out. */
final class Pieces extends InputStream {
    private final byte[] bytes;
    private final int[] ends;
    private int position;
    private int piece;

    private Pieces(byte[] bytes, int... ends) {
        this.bytes = bytes;
        this.ends = ends;
    }

    /** The text, read in pieces that end at these offsets, and the rest. */
    static InputStream of(String text, int... ends) {
        return new Pieces(text.getBytes(StandardCharsets.UTF_8), ends);
    }

    static InputStream whole(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    static InputStream bytewise(String text) {
        return new InputStream() {
            private final InputStream all = whole(text);

            @Override
            public int read() throws java.io.IOException {
                return all.read();
            }

            @Override
            public int read(byte[] into, int offset, int length) throws java.io.IOException {
                return all.read(into, offset, Math.min(1, length));
            }
        };
    }

    @Override
    public int read() {
        return position < bytes.length ? bytes[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        if (position == bytes.length) {
            return -1;
        }
        while (piece < ends.length && ends[piece] <= position) {
            piece++;
        }
        int end = piece < ends.length ? Math.min(ends[piece], bytes.length) : bytes.length;
        int count = Math.min(length, end - position);
        System.arraycopy(bytes, position, into, offset, count);
        position += count;
        return count;
    }
}
