package dev.plinth.providers.attempt;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.LlmException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A stream that is opened when it is first read, which may take a wait or several attempts; what has begun to answer is
 * passed on to its end. Closing it from another thread ends the wait, and an attempt that is being opened, too.
 */
public final class DeferredStream extends AbstractChatStream {

    /** Where the answer comes from, and who is told what becomes of it: exactly one end once it has begun. */
    public interface Source {

        /**
         * Opens streams until one has begun to answer.
         *
         * @param opened has to be told of every stream that is opened
         */
        BegunAnswer begin(Consumer<ChatStream> opened);

        /** The answer is complete. */
        ChatResponse finished(ChatResponse response);

        /** The answer broke off. */
        LlmException failed(LlmException failure);

        /** The answer was given up by the caller. */
        void cancelled();
    }

    private final CallContext context;
    private final Source source;
    private final Set<ChatStream> opened = ConcurrentHashMap.newKeySet();
    private final Object lock = new Object();
    private @Nullable BegunAnswer answer;
    private @Nullable Thread opener;
    private boolean interruptedHere;
    private boolean begun;
    private boolean ended;

    /**
     * A stream that is not open yet.
     *
     * @param context of the request, in which it is opened and read, whoever reads it
     */
    public DeferredStream(CallContext context, Source source) {
        this.context = context;
        this.source = source;
    }

    @Override
    protected @Nullable StreamEvent advance() {
        BegunAnswer current = answer;
        if (current == null) {
            current = begin();
            if (current == null) {
                return null;
            }
        }
        try {
            StreamEvent event = context.call(current::next);
            if (event instanceof StreamEvent.Finished finished) {
                return new StreamEvent.Finished(end(() -> source.finished(finished.response())));
            }
            return event;
        } catch (LlmException failure) {
            if (isCancelled()) {
                throw failure; // release() tells
            }
            throw end(() -> source.failed(failure));
        }
    }

    private @Nullable BegunAnswer begin() {
        synchronized (lock) {
            if (isCancelled()) {
                return null;
            }
            opener = Thread.currentThread();
        }
        try {
            answer = context.call(() -> source.begin(opened::add));
            return answer;
        } finally {
            boolean closedMeanwhile;
            synchronized (lock) {
                opener = null;
                begun = answer != null;
                closedMeanwhile = ended;
                if (interruptedHere) {
                    interruptedHere = false;
                    Thread.interrupted(); // the interrupt was ours, not the caller's
                }
            }
            if (closedMeanwhile) {
                opened.forEach(ChatStream::close);
                if (answer != null) {
                    source.cancelled();
                }
            }
        }
    }

    private <T> T end(Supplier<T> last) {
        synchronized (lock) {
            ended = true;
        }
        return last.get();
    }

    @Override
    protected void release() {
        boolean givenUp;
        synchronized (lock) {
            givenUp = begun && !ended;
            ended = true;
            if (opener != null && opener != Thread.currentThread()) {
                interruptedHere = true;
                opener.interrupt();
            }
        }
        opened.forEach(ChatStream::close);
        if (givenUp) {
            source.cancelled();
        }
    }
}
