package dev.plinth.providers;

import dev.plinth.api.check.Check;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads server-sent events, after the event stream format of the WHATWG HTML standard, out of bytes that may be cut
 * anywhere.
 *
 * <p>Lines end with LF, CR or CRLF; a byte order mark at the start, comments and unknown fields are passed over; several
 * data lines are joined by LF. Three things differ from the standard, as they do in the vendors' own clients: an event
 * at the end of the body counts without an empty line after it, there is no reconnecting, so {@code id} and {@code
 * retry} are passed over, and an event longer than the limit is an error.
 *
 * <p>The data stays in one buffer: it is valid until the next call of {@link #next}. Not thread-safe.
 */
public final class SseReader {

    private static final int MAX_EVENT_BYTES = 16 * 1024 * 1024;
    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};

    private final InputStream in;
    private final int maxEventBytes;
    private byte[] buffer = new byte[8 * 1024];
    private int position;
    private int limit;
    private int lineStart;
    private int lineEnd;
    private boolean atStart = true;
    private boolean skipLineFeed;
    private boolean ended;

    private byte[] data = new byte[1024];
    private int dataLength;
    private boolean hasData;
    private String event = "";

    /** A reader of this body. */
    public SseReader(InputStream in) {
        this(in, MAX_EVENT_BYTES);
    }

    SseReader(InputStream in, int maxEventBytes) {
        this.in = Check.notNull(in, "in");
        this.maxEventBytes = maxEventBytes;
    }

    /**
     * Waits for the next event that has data.
     *
     * @return false at the end of the body
     */
    public boolean next() throws IOException {
        dataLength = 0;
        hasData = false;
        event = "";
        while (readLine()) {
            if (lineLength() == 0) {
                if (hasData) {
                    return true;
                }
                event = "";
            } else {
                field();
            }
        }
        return hasData;
    }

    /** The name of the event; empty when it has none. */
    public String event() {
        return event;
    }

    /** The array that holds the data, from 0 to {@link #length()}; UTF-8. */
    public byte[] array() {
        return data;
    }

    /** How many bytes of data there are. */
    public int length() {
        return dataLength;
    }

    /** Whether the data is this ASCII text. */
    public boolean dataIs(String text) {
        if (dataLength != text.length()) {
            return false;
        }
        for (int i = 0; i < dataLength; i++) {
            if (data[i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The data as text. */
    public String data() {
        return new String(data, 0, dataLength, StandardCharsets.UTF_8);
    }

    private int lineLength() {
        return lineEnd - lineStart;
    }

    /** Finds the next line between {@code lineStart} and {@code lineEnd}; false at the end of the body. */
    private boolean readLine() throws IOException {
        lineStart = position;
        int scan = position;
        while (true) {
            while (scan < limit) {
                byte value = buffer[scan++];
                if (skipLineFeed) {
                    skipLineFeed = false;
                    if (value == '\n') {
                        lineStart = scan;
                        continue;
                    }
                }
                if (value == '\n' || value == '\r') {
                    skipLineFeed = value == '\r';
                    lineEnd = scan - 1;
                    position = scan;
                    dropByteOrderMark();
                    return true;
                }
            }
            int pending = scan - lineStart;
            if (!fill()) {
                lineEnd = limit;
                position = limit;
                dropByteOrderMark();
                return pending > 0;
            }
            scan = lineStart + pending;
        }
    }

    /** Reads on, keeping the line that has begun; false at the end of the body. */
    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
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

    private void dropByteOrderMark() {
        if (atStart) {
            atStart = false;
            if (lineLength() >= 3
                    && buffer[lineStart] == (byte) 0xEF
                    && buffer[lineStart + 1] == (byte) 0xBB
                    && buffer[lineStart + 2] == (byte) 0xBF) {
                lineStart += 3;
            }
        }
    }

    private void field() throws IOException {
        int colon = lineStart;
        while (colon < lineEnd && buffer[colon] != ':') {
            colon++;
        }
        int value = Math.min(colon + 1, lineEnd);
        if (value < lineEnd && buffer[value] == ' ') {
            value++;
        }
        if (is(DATA, colon)) {
            addData(value);
        } else if (is(EVENT, colon)) {
            event = new String(buffer, value, lineEnd - value, StandardCharsets.UTF_8);
        }
    }

    private boolean is(byte[] name, int colon) {
        return Arrays.equals(buffer, lineStart, colon, name, 0, name.length);
    }

    private void addData(int from) throws IOException {
        int length = lineEnd - from;
        int needed = dataLength + length + 1;
        checkLength(needed);
        if (needed > data.length) {
            data = Arrays.copyOf(data, Math.max(needed, 2 * data.length));
        }
        if (hasData) {
            data[dataLength++] = '\n';
        }
        System.arraycopy(buffer, from, data, dataLength, length);
        dataLength += length;
        hasData = true;
    }

    private void checkLength(long bytes) throws IOException {
        if (bytes > maxEventBytes) {
            throw new IOException("event: over " + maxEventBytes + " bytes (expected: at most so many)");
        }
    }
}
