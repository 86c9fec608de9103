package dev.plinth.providers.llamacpp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The lines of a pipe, with or without waiting for them. Not thread-safe. */
final class Lines {

    private static final int MAX_LINE_BYTES = 1 << 28;

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 13];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int next;
    private int end;

    Lines(InputStream in) {
        this.in = in;
    }

    /** The next line if all of it is there, else null. */
    @Nullable
    String poll() throws IOException {
        while (true) {
            if (completeLine()) {
                return takeLine();
            }
            int available = in.available();
            if (available <= 0 || !fill(Math.min(available, buffer.length))) {
                return null;
            }
        }
    }

    /** Waits for the next line; null when there is none any more. */
    @Nullable
    String take() throws IOException {
        while (!completeLine()) {
            if (!fill(buffer.length)) {
                return null;
            }
        }
        return takeLine();
    }

    private boolean fill(int most) throws IOException {
        next = 0;
        end = Math.max(0, in.read(buffer, 0, most));
        return end > 0;
    }

    /** Moves what was read to the line, up to its end. */
    private boolean completeLine() throws IOException {
        int start = next;
        while (next < end) {
            if (buffer[next++] == '\n') {
                line.write(buffer, start, next - 1 - start);
                return true;
            }
        }
        line.write(buffer, start, end - start);
        if (line.size() > MAX_LINE_BYTES) {
            throw new IOException("line: too long (expected: at most " + MAX_LINE_BYTES + " bytes)");
        }
        return false;
    }

    private String takeLine() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
