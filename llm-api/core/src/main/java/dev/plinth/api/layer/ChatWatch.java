package dev.plinth.api.layer;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.error.CancelledException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Watches one call of a chat model, plain or streamed alike: any number of events, then exactly one end. A layer that
 * only watches writes this instead of wrapping both methods:
 *
 * <pre>{@code
 * public ChatModel around(ChatModel next) {
 *     return ChatWatch.around(next, request -> new MyWatch(request));
 * }
 * }</pre>
 *
 * <p>One watch sees one call. Its methods are called one after the other, but not always on one thread; only the end of a
 * stream that another thread closes may come while an event is being told. What they throw
 * is thrown at the caller.
 */
public interface ChatWatch {

    /** The request that is passed on: the one that came, unless the watch gives it another context. */
    default ChatRequest request(ChatRequest request) {
        return request;
    }

    /** A piece of the answer; for streams only. The finish is passed to {@link #done} instead. */
    default void event(StreamEvent event) {}

    /** The answer is complete. */
    default void done(ChatResponse response) {}

    /** The call failed. */
    default void failed(Throwable failure) {}

    /**
     * The caller gave the call up: closed the stream before its end, or interrupted the thread.
     *
     * @param told what the thread was told that waited, with what had been used by then; null: none waited
     */
    default void cancelled(@Nullable CancelledException told) {}

    /**
     * A model whose every call is watched.
     *
     * @param begin called at the start of each call, on its thread
     */
    static ChatModel around(ChatModel next, Function<ChatRequest, ? extends ChatWatch> begin) {
        return new WatchedChatModel(next, begin);
    }
}
