package dev.plinth.providers.wire;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Lines of JSON, one value each, as NDJSON has them. Blank lines are passed over; the last line need not end. */
public final class JsonLines implements JsonFrames {

    private final LineReader lines;
    private final JsonFeed feed = new JsonFeed();

    /** The lines of this body. */
    public JsonLines(InputStream body) {
        this.lines = new LineReader(body);
    }

    @Override
    public boolean next() throws IOException {
        feed.end();
        do {
            if (!lines.readLine()) {
                return false;
            }
        } while (isBlank());
        feed.begin(lines.buffer(), lines.lineStart(), lines.lineEnd() - lines.lineStart());
        return true;
    }

    private boolean isBlank() {
        for (int i = lines.lineStart(); i < lines.lineEnd(); i++) {
            if (lines.buffer()[i] != ' ' && lines.buffer()[i] != '\t') {
                return false;
            }
        }
        return true;
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
        int length = lines.lineEnd() - lines.lineStart();
        return new String(lines.buffer(), lines.lineStart(), length, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        feed.close();
    }
}
