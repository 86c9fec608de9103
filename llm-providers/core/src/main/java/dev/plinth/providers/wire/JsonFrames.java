package dev.plinth.providers.wire;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/**
 * A streamed body cut into frames, each of which holds one JSON value: {@link JsonEvents}, {@link JsonLines}, or another
 * framing of an adapter's own.
 *
 * <p>Not thread-safe.
 */
public interface JsonFrames extends AutoCloseable {

    /**
     * Waits for the next frame; its first token is the parser's current one.
     *
     * @return false at the end of the frames
     * @throws com.fasterxml.jackson.core.JsonProcessingException if the frame before this one holds more than one value,
     *     or this one begins with none
     * @throws dev.plinth.api.error.MalformedResponseException if the framing is broken
     * @throws IOException if the body cannot be read
     */
    boolean next() throws IOException;

    /** The parser, at the first token of the frame after {@link #next}. */
    JsonParser json();

    /** The name of the frame; empty when it has none. */
    String name();

    /** The content of the frame as it came. */
    String data();

    /** Gives the parser's buffers back. By the reading thread. */
    @Override
    void close();
}
