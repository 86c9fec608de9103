package dev.plinth.tracing.sdk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;

/** A line that is being written, its end included; it refuses to become longer than it may be. */
final class LineBuffer extends ByteArrayOutputStream {

    private final long most;

    /** One of at most this many bytes. */
    LineBuffer(long most) {
        this.most = most;
    }

    /** The line would be longer than it may be. */
    static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private TooLong(long most) {
            super("line: longer (expected: <= " + most + " bytes)", null, false, false);
        }
    }

    @Override
    public synchronized void write(int one) {
        check(1);
        super.write(one);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
        check(length);
        super.write(bytes, from, length);
    }

    private void check(int more) {
        if (count + (long) more > most) {
            throw new TooLong(most);
        }
    }

    /** Without a copy. */
    synchronized void writeTo(RandomAccessFile file) throws IOException {
        file.write(buf, 0, count);
    }
}
