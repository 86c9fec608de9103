package dev.plinth.providers.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.embedding.EmbeddingLimits;
import dev.plinth.providers.HttpAnswer;
import java.io.IOException;

/**
 * What a wire protocol of embeddings does in its own way; {@link HttpEmbeddingModel} does the rest.
 *
 * <p>Implementations are immutable and thread-safe.
 */
public interface EmbeddingProtocol {

    /** The path of a call after the server's base URL, percent-encoded, with its query. */
    String path(EmbeddingCall call);

    /** How much the server takes in one call; more texts become several calls. */
    EmbeddingLimits limits();

    /**
     * Writes the body of a call, one JSON object.
     *
     * @throws dev.plinth.api.error.UnsupportedCapabilityException if the protocol has no words for what is asked
     */
    void write(EmbeddingCall call, JsonGenerator json) throws IOException;

    /** Reads what the head of the answer says, such as its tokens; nothing unless overridden. */
    default void readHead(HttpAnswer head, EmbeddingAnswer answer) {}

    /** Reads one field of the answer's object: the value the parser stands at, to its end. */
    void readField(String field, JsonParser json, EmbeddingAnswer answer) throws IOException;
}
