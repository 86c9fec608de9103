package dev.plinth.providers.wire;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.InputStream;

/** Server-sent events whose data is JSON. {@code [DONE]} ends them; events with blank data are passed over. */
public final class JsonEvents implements JsonFrames {

    private final SseReader events;
    private final JsonFeed feed = new JsonFeed();

    /** The events of this body. */
    public JsonEvents(InputStream body) {
        this.events = new SseReader(body);
    }

    /** Whether server-sent events can begin with this byte: a field's name or a comment can, and no JSON does. */
    static boolean canBeginWith(int first) {
        return switch (first) {
            case 'd', 'e', 'i', 'r', ':' -> true;
            default -> false;
        };
    }

    @Override
    public boolean next() throws IOException {
        feed.end();
        do {
            if (!events.next() || events.dataIs("[DONE]")) {
                return false;
            }
        } while (LineReader.isBlank(events.array(), events.offset(), events.offset() + events.length()));
        feed.begin(events.array(), events.offset(), events.length());
        return true;
    }

    @Override
    public JsonParser json() {
        return feed.json();
    }

    @Override
    public String name() {
        return events.event();
    }

    @Override
    public String data() {
        return events.data();
    }

    @Override
    public void close() {
        feed.close();
    }
}
