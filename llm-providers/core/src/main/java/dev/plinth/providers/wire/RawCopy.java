package dev.plinth.providers.wire;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Keeps a copy of what is read. */
final class RawCopy extends FilterInputStream {

    private final ByteArrayOutputStream copy = new ByteArrayOutputStream(2048);

    RawCopy(InputStream in) {
        super(in);
    }

    /** What was read so far. */
    String text() {
        return copy.toString(StandardCharsets.UTF_8);
    }

    @Override
    public int read() throws IOException {
        int value = in.read();
        if (value >= 0) {
            copy.write(value);
        }
        return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = in.read(bytes, offset, length);
        if (count > 0) {
            copy.write(bytes, offset, count);
        }
        return count;
    }
}
