package dev.plinth.providers.gemini;

import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.providers.wire.JsonEvents;
import dev.plinth.providers.wire.JsonFrames;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import org.jspecify.annotations.Nullable;

/** A streamed body: server-sent events or, where it begins like JSON, objects of JSON. */
final class ContentFrames implements JsonFrames {

    private final PushbackInputStream body;
    private @Nullable JsonFrames frames;

    ContentFrames(InputStream body) {
        this.body = new PushbackInputStream(body);
    }

    @Override
    public boolean next() throws IOException {
        JsonFrames begun = frames;
        if (begun == null) {
            begun = beginsLikeJson() ? new JsonObjects(body) : new JsonEvents(body);
            frames = begun;
        }
        return begun.next();
    }

    private boolean beginsLikeJson() throws IOException {
        int first = body.read();
        while (first == ' ' || first == '\n' || first == '\r' || first == '\t') {
            first = body.read();
        }
        if (first >= 0) {
            body.unread(first);
        }
        return first == '[' || first == '{';
    }

    private JsonFrames begun() {
        if (frames == null) {
            throw new IllegalStateException("frame: none (expected: next() first)");
        }
        return frames;
    }

    @Override
    public JsonParser json() {
        return begun().json();
    }

    @Override
    public String name() {
        return begun().name();
    }

    @Override
    public String data() {
        return begun().data();
    }

    @Override
    public void close() {
        if (frames != null) {
            frames.close();
        }
    }
}
