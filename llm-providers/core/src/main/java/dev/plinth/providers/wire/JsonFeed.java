package dev.plinth.providers.wire;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * One parser for all frames of a stream: a parser of its own for each frame would cost more than all else that is done
 * for it.
 *
 * <p>The parser sees one frame at a time as a root value, and never a byte of the next one, so what is wrong with one
 * frame cannot be read as a part of another. Not thread-safe.
 */
public final class JsonFeed {

    private final Feed feed = new Feed();
    private final Rest rest = new Rest();
    private final JsonParser json;
    private boolean reading;
    private byte[] array = new byte[0];
    private int position;
    private int end;

    /** A parser without a frame. */
    public JsonFeed() {
        try {
            this.json = Json.FACTORY.createParser((InputStream) feed);
        } catch (IOException impossible) {
            throw new IllegalStateException("parser: not made (expected: made without reading)", impossible);
        }
    }

    /** The parser. */
    public JsonParser json() {
        return json;
    }

    /**
     * Ends the frame before, while its bytes are still there.
     *
     * @throws JsonParseException if it holds more than one value, or less than one
     */
    public void end() throws IOException {
        if (!reading) {
            return;
        }
        reading = false;
        while (!json.getParsingContext().inRoot()) {
            if (json.nextToken() == null) {
                throw new JsonParseException(json, "cut short");
            }
        }
        json.releaseBuffered(rest);
        rest.write(array, position, end - position);
        position = end;
    }

    /** Begins a frame, of bytes that stay as they are until its end, and moves the parser to its first token. */
    public void begin(byte[] bytes, int offset, int length) throws IOException {
        array = bytes;
        position = offset;
        end = offset + length;
        reading = true;
        json.nextToken();
    }

    /** Gives the parser's buffers back. By the reading thread. */
    public void close() {
        try {
            json.close();
        } catch (IOException nothingToClose) {
            throw new IllegalStateException("parser: not closed (expected: closed)", nothingToClose);
        }
    }

    /** The bytes of the current frame, and nothing after it. */
    private final class Feed extends InputStream {
        @Override
        public int read() {
            return position < end ? array[position++] & 0xff : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            int count = Math.min(length, end - position);
            if (count <= 0) {
                return -1;
            }
            System.arraycopy(array, position, bytes, offset, count);
            position += count;
            return count;
        }
    }

    /** Takes what stands behind the value of a frame: white space, or it was not one value. */
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
