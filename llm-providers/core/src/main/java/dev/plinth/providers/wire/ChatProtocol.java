package dev.plinth.providers.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.providers.HttpAnswer;
import dev.plinth.providers.HttpCall;
import java.io.IOException;

/**
 * What a wire protocol of chat does in its own way; {@link HttpChatModel} does the rest.
 *
 * <p>Implementations are immutable and thread-safe.
 */
public interface ChatProtocol {

    /** The path of a call after the server's base URL, percent-encoded, with its query. */
    String path(ChatCall call);

    /**
     * Writes the body of a call, one JSON object.
     *
     * @throws dev.plinth.api.error.UnsupportedCapabilityException if the protocol has no words for what is asked
     */
    void write(ChatCall call, JsonGenerator json) throws IOException;

    /** Adds the headers that belong to a call; none unless overridden. */
    default void addHeaders(ChatCall call, HttpCall.Builder headers) {}

    /** A reader of the answer to a call. */
    AnswerReader reader(ChatCall call);

    /**
     * Whether the answer to a streamed call has frames. Unless overridden it has when it is not JSON in one piece, which
     * some servers say of events, too.
     */
    default boolean hasFrames(HttpAnswer answer) {
        return !answer.isJson() || JsonEvents.canBeginWith(answer.firstByte());
    }

    /** Cuts a streamed body into frames; into server-sent events unless overridden. */
    default JsonFrames frames(HttpAnswer answer) {
        return new JsonEvents(answer.body());
    }

    /** The media type of a streamed body. */
    default String streamType() {
        return "text/event-stream";
    }
}
