package dev.plinth.providers.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.providers.HttpCall;
import java.io.IOException;

/**
 * How a server is asked for the number of tokens in a request; {@link HttpTokenCounter} does the rest.
 *
 * <p>Implementations are immutable and thread-safe.
 */
public interface TokenProtocol {

    /** The path of a call after the server's base URL, percent-encoded, with its query. */
    String path(ChatCall call);

    /** Writes the body of a call, one JSON object. */
    void write(ChatCall call, JsonGenerator json) throws IOException;

    /** Adds the headers that belong to a call; none unless overridden. */
    default void addHeaders(ChatCall call, HttpCall.Builder headers) {}

    /** The field of the answer that has the number. */
    String field();
}
