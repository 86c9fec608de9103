package dev.plinth.providers.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads server-sent events, after the event stream format of the WHATWG HTML standard, out of bytes that may be cut
 * anywhere.
 *
 * <p>Lines end with LF, CR or CRLF; a byte order mark at the start, comments and unknown fields are passed over; several
 * data lines are joined by LF. Four things differ from the standard, as they do in the vendors' own clients: an event
 * at the end of the body counts without an empty line after it, there is no reconnecting, so {@code id} and {@code
 * retry} are passed over, an event longer than the limit is an error, and an object without {@code data:} before it
 * is data to the next empty line, since that is how Google's servers say that a stream failed.
 *
 * <p>The data stays in one buffer: it is valid until the next call of {@link #next}. Not thread-safe.
 */
final class SseReader extends LineReader {

    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};

    // The data is a slice of the buffer, or of the joined lines once there are several or the buffer moves on.
    private byte[] joined = new byte[0];
    private byte[] data = joined;
    private int dataStart;
    private int dataLength;
    private boolean hasData;
    private boolean bare;
    private String event = "";
    private String lastEvent = "";

    /** A reader of this body. */
    SseReader(InputStream in) {
        super(in);
    }

    SseReader(InputStream in, int maxEventBytes) {
        super(in, maxEventBytes);
    }

    /**
     * Waits for the next event that has data.
     *
     * @return false at the end of the body
     * @throws IOException if the body cannot be read, or an event is too long
     */
    boolean next() throws IOException {
        hasData = false;
        bare = false;
        dataLength = 0;
        event = "";
        while (readLine()) {
            if (lineStart() == lineEnd()) {
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
    String event() {
        return event;
    }

    /** The array that holds the data, UTF-8, {@link #length()} bytes from {@link #offset()}. */
    byte[] array() {
        return data;
    }

    /** Where in the array the data starts. */
    int offset() {
        return dataStart;
    }

    /** How many bytes of data there are. */
    int length() {
        return dataLength;
    }

    /** Whether the data is this ASCII text. */
    boolean dataIs(String text) {
        if (dataLength != text.length()) {
            return false;
        }
        for (int i = 0; i < dataLength; i++) {
            if (data[dataStart + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The data as text. */
    String data() {
        return new String(data, dataStart, dataLength, StandardCharsets.UTF_8);
    }

    @Override
    void moving() {
        if (hasData && data == buffer()) {
            moveToJoined(0);
        }
    }

    private void field() throws IOException {
        byte[] buffer = buffer();
        bare = bare || (!hasData && buffer[lineStart()] == '{');
        if (bare) {
            addData(lineStart(), lineEnd() - lineStart());
            return;
        }
        int colon = lineStart();
        while (colon < lineEnd() && buffer[colon] != ':') {
            colon++;
        }
        int value = Math.min(colon + 1, lineEnd());
        if (value < lineEnd() && buffer[value] == ' ') {
            value++;
        }
        if (is(DATA, colon)) {
            addData(value, lineEnd() - value);
        } else if (is(EVENT, colon)) {
            event = name(value, lineEnd() - value);
        }
    }

    private boolean is(byte[] name, int colon) {
        return Arrays.equals(buffer(), lineStart(), colon, name, 0, name.length);
    }

    /** Streams repeat a few names: the last one is handed out again. */
    private String name(int from, int length) {
        boolean same = length == lastEvent.length();
        for (int i = 0; same && i < length; i++) {
            same = buffer()[from + i] == lastEvent.charAt(i);
        }
        if (!same) {
            lastEvent = new String(buffer(), from, length, StandardCharsets.UTF_8);
        }
        return lastEvent;
    }

    private void addData(int from, int length) throws IOException {
        checkLength((long) dataLength + length + 1);
        if (!hasData) {
            hasData = true;
            data = buffer();
            dataStart = from;
            dataLength = length;
            return;
        }
        if (data == buffer()) {
            moveToJoined(length + 1);
        } else {
            ensureJoined(dataLength + length + 1);
        }
        joined[dataLength] = '\n';
        System.arraycopy(buffer(), from, joined, dataLength + 1, length);
        dataLength += length + 1;
    }

    /** Copies the data out of the buffer, with room for this much more. */
    private void moveToJoined(int more) {
        ensureJoined(dataLength + more);
        System.arraycopy(data, dataStart, joined, 0, dataLength);
        data = joined;
        dataStart = 0;
    }

    private void ensureJoined(int length) {
        if (length > joined.length) {
            boolean inUse = data == joined;
            joined = Arrays.copyOf(joined, Math.max(length, 2 * joined.length));
            data = inUse ? joined : data;
        }
    }
}
