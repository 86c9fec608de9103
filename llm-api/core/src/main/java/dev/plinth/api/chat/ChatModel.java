package dev.plinth.api.chat;

import dev.plinth.api.model.ModelInfo;
import java.util.Optional;

/**
 * A model that answers messages with a message.
 *
 * <pre>{@code
 * String answer = model.chat(ChatRequest.of("Why is the sky blue?")).text();
 *
 * try (ChatStream stream = model.stream(ChatRequest.of("Tell me a story."))) {
 *     Usage usage = stream.onText(System.out::print).response().usage();
 * }
 * }</pre>
 *
 * <p>Thread-safe: one model serves any number of callers. Both calls run on the calling thread and obey its
 * interruption and the deadline of the request's context. All errors are
 * {@link dev.plinth.api.error.LlmException}s; a request that asks for what the model cannot do is refused before
 * anything is sent.
 */
public interface ChatModel {

    /** Asks and waits for the whole answer. */
    ChatResponse chat(ChatRequest request);

    /**
     * Asks and returns the answer as it comes. Close the stream, or read it to its end. May throw as {@link #chat}
     * does when the call fails before its first event.
     */
    ChatStream stream(ChatRequest request);

    /** Which model this is and what it can do; without a call. */
    ModelInfo info();

    /** This model, or one it wraps, as the given type. */
    default <T> Optional<T> unwrap(Class<T> type) {
        return type.isInstance(this) ? Optional.of(type.cast(this)) : Optional.empty();
    }
}
