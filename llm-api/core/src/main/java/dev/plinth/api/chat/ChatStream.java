package dev.plinth.api.chat;

import java.util.Iterator;
import java.util.function.Consumer;

/**
 * An answer as it comes: a cursor that one thread reads, and that any thread may close.
 *
 * <p>It ends exactly once: with {@link StreamEvent.Finished}, or with a {@link dev.plinth.api.error.LlmException} that
 * carries the text which had arrived. The body of an answer that ends without a finish is such an error.
 *
 * <p>At the end and on an error the stream closes itself; closing it earlier cancels the call and closes its socket.
 * Reading after that throws {@link dev.plinth.api.error.CancelledException}. Extend {@link AbstractChatStream} to
 * implement it.
 */
public interface ChatStream extends Iterable<StreamEvent>, AutoCloseable {

    /** The events that have not been read yet. There is one cursor: iterators share it. */
    @Override
    Iterator<StreamEvent> iterator();

    /**
     * Reads to the end and hands every piece of text to the sink on the calling thread.
     *
     * @return this, for {@link #response()}
     */
    ChatStream onText(Consumer<? super String> sink);

    /** Reads what is left and returns the whole answer; again and again the same one. */
    ChatResponse response();

    /** Cancels the call if it still runs. From any thread, without waiting; closing twice does nothing. */
    @Override
    void close();

    /** A stream that replays a complete answer. */
    static ChatStream replay(ChatResponse response) {
        return new ReplayedChatStream(response);
    }
}
