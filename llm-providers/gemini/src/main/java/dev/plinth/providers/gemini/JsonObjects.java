package dev.plinth.providers.gemini;

import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.JsonFeed;
import dev.plinth.providers.wire.JsonFrames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Objects of JSON one after the other, in an array or not; each is handed out as soon as its last byte has come. What
 * stands between them is passed over.
 */
final class JsonObjects implements JsonFrames {

    private final InputStream in;
    private final int maxBytes;
    private final JsonFeed feed = new JsonFeed();
    private final byte[] buffer = new byte[8 * 1024];
    private int position;
    private int limit;
    private byte[] object = new byte[1024];
    private int length;

    JsonObjects(InputStream in) {
        this(in, Json.MAX_TEXT);
    }

    JsonObjects(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    @Override
    public boolean next() throws IOException {
        feed.end();
        if (!readObject()) {
            return false;
        }
        feed.begin(object, 0, length);
        return true;
    }

    /** Copies the next object, or what there is of it when the body ends before it does; false: there is none. */
    private boolean readObject() throws IOException {
        length = 0;
        int depth = 0;
        boolean quoted = false;
        boolean escaped = false;
        for (int unit = read(); unit >= 0; unit = read()) {
            if (depth == 0 && unit != '{') {
                continue;
            }
            add((byte) unit);
            if (quoted) {
                quoted = escaped || unit != '"';
                escaped = !escaped && unit == '\\';
            } else if (unit == '"') {
                quoted = true;
            } else if (unit == '{') {
                depth++;
            } else if (unit == '}' && --depth == 0) {
                return true;
            }
        }
        return length > 0;
    }

    private int read() throws IOException {
        if (position == limit) {
            limit = in.read(buffer, 0, buffer.length);
            position = 0;
            if (limit <= 0) {
                limit = 0;
                return -1;
            }
        }
        return buffer[position++] & 0xff;
    }

    private void add(byte unit) throws IOException {
        if (length == maxBytes) {
            throw new IOException("object: over " + maxBytes + " bytes (expected: at most so many)");
        }
        if (length == object.length) {
            object = Arrays.copyOf(object, 2 * length);
        }
        object[length++] = unit;
    }

    @Override
    public JsonParser json() {
        return feed.json();
    }

    @Override
    public String name() {
        return "";
    }

    @Override
    public String data() {
        return new String(object, 0, length, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        feed.close();
    }
}
