package dev.plinth.api.tokens;

import dev.plinth.api.chat.ChatRequest;

/**
 * Counts the input tokens of a request before it is sent: exactly where a provider counts, as an estimate elsewhere; the
 * count says which.
 *
 * <p>Thread-safe. A counter that asks a provider runs on the calling thread and obeys its interruption and the deadline
 * of the request's context; all its errors are {@link dev.plinth.api.error.LlmException}s.
 */
public interface TokenCounter {

    /** The input tokens of a request: messages, tools and whatever else the provider charges for as input. */
    TokenCount count(ChatRequest request);
}
