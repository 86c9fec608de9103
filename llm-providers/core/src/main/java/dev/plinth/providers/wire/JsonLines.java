package dev.plinth.providers.wire;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Lines of JSON, one value each, as NDJSON has them. Blank lines are passed over; the last line need not end. */
public final class JsonLines implements JsonFrames {

    private final LineReader lines;
    private final JsonFeed feed = new JsonFeed();
    private long number;

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
            number++;
        } while (LineReader.isBlank(lines.buffer(), lines.lineStart(), lines.lineEnd()));
        feed.begin(lines.buffer(), lines.lineStart(), lines.lineEnd() - lines.lineStart());
        return true;
    }

    /** The number of the line in the body, from 1. */
    public long number() {
        return number;
    }

    /**
     * Ends the line, which {@link #next} does otherwise.
     *
     * @throws com.fasterxml.jackson.core.JsonProcessingException if it holds more than one value, or less than one
     */
    public void end() throws IOException {
        feed.end();
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
