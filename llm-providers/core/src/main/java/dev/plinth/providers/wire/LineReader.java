package dev.plinth.providers.wire;

import dev.plinth.api.check.Check;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts bytes into lines, which end with LF, CR or CRLF, wherever the bytes are cut themselves; a byte order mark at the
 * start is passed over. The last line need not end.
 *
 * <p>A line stays in the buffer: it is valid until the next call of {@link #readLine}. Not thread-safe.
 */
class LineReader {

    private static final int MAX_BYTES = Json.MAX_TEXT;

    private final InputStream in;
    private final int maxBytes;

    private byte[] buffer = new byte[4 * 1024];
    private int position;
    private int limit;
    private int lineStart;
    private int lineEnd;
    private boolean atStart = true;
    private boolean skipLineFeed;
    private boolean ended;

    LineReader(InputStream in) {
        this(in, MAX_BYTES);
    }

    LineReader(InputStream in, int maxBytes) {
        this.in = Check.notNull(in, "in");
        this.maxBytes = maxBytes;
    }

    /** Whether there is nothing but white space from here to there. */
    static boolean isBlank(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\n') {
                return false;
            }
        }
        return true;
    }

    /** The array that holds the line. */
    final byte[] buffer() {
        return buffer;
    }

    /** Where in the buffer the line starts. */
    final int lineStart() {
        return lineStart;
    }

    /** Where in the buffer the line ends, exclusive. */
    final int lineEnd() {
        return lineEnd;
    }

    /** Called before the buffer's content moves. */
    void moving() {}

    /**
     * Waits for the next line.
     *
     * @return false at the end of the body
     * @throws IOException if the body cannot be read, or a line is too long
     */
    final boolean readLine() throws IOException {
        lineStart = position;
        int scan = position;
        while (true) {
            if (skipLineFeed && scan < limit) {
                skipLineFeed = false;
                if (buffer[scan] == '\n') {
                    lineStart = ++scan;
                }
            }
            scan = endOfLine(scan);
            if (scan < limit) {
                skipLineFeed = buffer[scan] == '\r';
                return line(scan, scan + 1);
            }
            int pending = scan - lineStart;
            if (!fill()) {
                return line(limit, limit) && pending > 0;
            }
            scan = lineStart + pending;
        }
    }

    private int endOfLine(int from) {
        byte[] bytes = buffer;
        int scan = from;
        while (scan < limit && bytes[scan] != '\n' && bytes[scan] != '\r') {
            scan++;
        }
        return scan;
    }

    private boolean line(int end, int next) {
        lineEnd = end;
        position = next;
        if (atStart) {
            atStart = false;
            dropByteOrderMark();
        }
        return true;
    }

    private void dropByteOrderMark() {
        if (lineEnd - lineStart >= 3
                && buffer[lineStart] == (byte) 0xEF
                && buffer[lineStart + 1] == (byte) 0xBB
                && buffer[lineStart + 2] == (byte) 0xBF) {
            lineStart += 3;
        }
    }

    /** Reads on, keeping the line that has begun; false at the end of the body. */
    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        moving();
        int pending = limit - lineStart;
        if (lineStart > 0) {
            System.arraycopy(buffer, lineStart, buffer, 0, pending);
            lineStart = 0;
            limit = pending;
        } else if (limit == buffer.length) {
            checkLength(2L * buffer.length);
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        int count = in.read(buffer, limit, buffer.length - limit);
        if (count < 0) {
            ended = true;
            return false;
        }
        limit += count;
        return true;
    }

    final void checkLength(long bytes) throws IOException {
        if (bytes > maxBytes) {
            throw new IOException("event: over " + maxBytes + " bytes (expected: at most so many)");
        }
    }
}
