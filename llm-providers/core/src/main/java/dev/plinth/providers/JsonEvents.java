package dev.plinth.providers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Server-sent events whose data is JSON, all of them read by one parser: a parser of its own for each event would cost
 * more than all else that is done for it.
 *
 * <p>The parser sees the data of one event at a time as a root value, and never a byte of the next one, so what is wrong
 * with one event cannot be read as a part of another. {@code [DONE]} ends the events; events with empty data are passed
 * over. Not thread-safe.
 */
public final class JsonEvents implements AutoCloseable {

    private final SseReader events;
    private final Feed feed = new Feed();
    private final Rest rest = new Rest();
    private final JsonParser json;
    private boolean reading;

    /** The events of this body. */
    public JsonEvents(JsonFactory factory, InputStream body) {
        this.events = new SseReader(body);
        try {
            this.json = factory.createParser((InputStream) feed);
        } catch (IOException impossible) {
            throw new IllegalStateException("parser: not made (expected: made without reading)", impossible);
        }
    }

    /**
     * Waits for the next event; its first token is the parser's current one.
     *
     * @return false at {@code [DONE]} and at the end of the body
     * @throws JsonParseException if the event before this one holds more than one value, or this one begins with none
     * @throws IOException if the body cannot be read, or an event is too long
     */
    public boolean next() throws IOException {
        if (reading) {
            endEvent();
        }
        do {
            if (!events.next()) {
                return false;
            }
            if (events.dataIs("[DONE]")) {
                return false;
            }
        } while (events.length() == 0);
        feed.position = events.offset();
        feed.end = events.offset() + events.length();
        reading = true;
        json.nextToken();
        return true;
    }

    /** The parser, at the first token of the event after {@link #next}. */
    public JsonParser json() {
        return json;
    }

    /** The data of the event as it came. */
    public String data() {
        return events.data();
    }

    /** The name of the event; empty when it has none. */
    public String event() {
        return events.event();
    }

    /** Gives the parser's buffers back. By the reading thread. */
    @Override
    public void close() {
        try {
            json.close();
        } catch (IOException nothingToClose) {
            throw new IllegalStateException("parser: not closed (expected: closed)", nothingToClose);
        }
    }

    private void endEvent() throws IOException {
        reading = false;
        while (!json.getParsingContext().inRoot()) {
            if (json.nextToken() == null) {
                throw new JsonParseException(json, "cut short");
            }
        }
        json.releaseBuffered(rest);
        rest.write(events.array(), feed.position, feed.end - feed.position);
        feed.position = feed.end;
    }

    /** The data of the current event, and nothing after it. */
    private final class Feed extends InputStream {
        private int position;
        private int end;

        @Override
        public int read() {
            return position < end ? events.array()[position++] & 0xff : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            int count = Math.min(length, end - position);
            if (count <= 0) {
                return -1;
            }
            System.arraycopy(events.array(), position, bytes, offset, count);
            position += count;
            return count;
        }
    }

    /** Takes what stands behind the value of an event: white space, or it was not one value. */
    private final class Rest extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            if (value != ' ' && value != '\n' && value != '\r' && value != '\t') {
                throw new JsonParseException(json, "more than one value");
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int i = offset; i < offset + length; i++) {
                write(bytes[i]);
            }
        }
    }
}
