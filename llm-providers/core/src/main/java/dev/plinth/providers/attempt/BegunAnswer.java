package dev.plinth.providers.attempt;

import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.error.MalformedResponseException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * A streamed answer of which the first content has come, or the end. Until then nothing has reached the caller, so
 * another attempt may take its place; from then on it may not.
 */
public final class BegunAnswer {

    private final ChatStream stream;
    private final Iterator<StreamEvent> events;
    private final Queue<StreamEvent> read = new ArrayDeque<>();
    private final StreamEvent first;

    private BegunAnswer(ChatStream stream) {
        this.stream = stream;
        this.events = stream.iterator();
        StreamEvent event = readNext();
        while (event instanceof StreamEvent.Other) { // says nothing to a caller yet
            read.add(event);
            event = readNext();
        }
        this.first = event;
        read.add(event);
    }

    /**
     * Reads up to the first content. What it throws has closed the stream.
     *
     * @param opened told of the stream before it is read, for whoever may have to close it from another thread
     */
    public static BegunAnswer of(ChatStream stream, Consumer<? super ChatStream> opened) {
        opened.accept(stream);
        try {
            return new BegunAnswer(stream);
        } catch (Throwable failure) {
            stream.close();
            throw failure;
        }
    }

    /** The first content, or the finish of an answer that has none. */
    public StreamEvent first() {
        return first;
    }

    /** The next event, from the beginning. */
    public StreamEvent next() {
        StreamEvent event = read.poll();
        return event == null ? readNext() : event;
    }

    private StreamEvent readNext() {
        if (!events.hasNext()) {
            throw new MalformedResponseException("stream: ended without a finish (expected: Finished)");
        }
        return events.next();
    }

    /** Closes the stream. */
    public void close() {
        stream.close();
    }
}
