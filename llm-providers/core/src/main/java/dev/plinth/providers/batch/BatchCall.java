package dev.plinth.providers.batch;

import dev.plinth.providers.wire.ChatCall;

/**
 * One request of a batch, as a protocol sees it.
 *
 * @param id the caller's, once in the batch
 * @param chat what is asked for, not streamed; what it needs has been checked
 */
public record BatchCall(String id, ChatCall chat) {}
