package dev.plinth.api.layer;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.check.Check;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.MalformedResponseException;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Calls a {@link ChatWatch} for every call, with the request's context current while the next model works. */
final class WatchedChatModel extends ForwardingChatModel {

    private final Function<ChatRequest, ? extends ChatWatch> begin;

    WatchedChatModel(ChatModel next, Function<ChatRequest, ? extends ChatWatch> begin) {
        super(next);
        this.begin = Check.notNull(begin, "begin");
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        ChatWatch watch = begin.apply(request);
        ChatResponse response;
        try {
            ChatRequest passed = watch.request(request);
            response = passed.context().call(() -> next().chat(passed));
        } catch (Throwable failure) {
            tell(watch, failure);
            throw failure;
        }
        watch.done(response);
        return response;
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        ChatWatch watch = begin.apply(request);
        try {
            ChatRequest passed = watch.request(request);
            return new WatchedStream(passed.context().call(() -> next().stream(passed)), watch, passed);
        } catch (Throwable failure) {
            tell(watch, failure);
            throw failure;
        }
    }

    private static void tell(ChatWatch watch, Throwable failure) {
        if (failure instanceof CancelledException cancelled) {
            watch.cancelled(cancelled);
        } else {
            watch.failed(failure);
        }
    }

    /**
     * A stream may be closed by one thread while another gets its end. Of watches right around each other the innermost one's
     * end holds for all, so that they do not tell different stories of one call.
     */
    private static final class WatchedStream extends AbstractChatStream {

        private static final Object CANCELLED = new Object();

        private final ChatStream next;
        private final Iterator<StreamEvent> events;
        private final ChatWatch watch;
        private final ChatRequest request;
        /** The response, what was thrown, or {@link #CANCELLED}; null while it runs. */
        private final AtomicReference<@Nullable Object> end = new AtomicReference<>();

        WatchedStream(ChatStream next, ChatWatch watch, ChatRequest request) {
            this.next = next;
            this.events = next.iterator();
            this.watch = watch;
            this.request = request;
        }

        @Override
        protected StreamEvent advance() {
            StreamEvent event = request.context().call(this::read);
            if (event instanceof StreamEvent.Finished finished) {
                ended(finished.response());
            } else if (end.get() == null) {
                event(event);
            }
            return event;
        }

        private void event(StreamEvent event) {
            try {
                watch.event(event);
            } catch (Throwable failure) {
                ended(failure);
                throw failure;
            }
        }

        private StreamEvent read() {
            try {
                if (!events.hasNext()) {
                    throw new MalformedResponseException("stream: ended without a finish (expected: Finished)");
                }
                return events.next();
            } catch (Throwable failure) {
                if (failure instanceof CancelledException || !isCancelled()) {
                    ended(failure);
                }
                throw failure; // what a closed stream fails with is the closing: release() tells of it
            }
        }

        @Override
        protected void release() {
            try {
                next.close();
            } finally {
                ended(CANCELLED);
            }
        }

        /** What is thrown reaches the caller, but for the closing of a stream that had failed already. */
        private static boolean isClosingOf(Object within, Object how) {
            return within instanceof Throwable && how instanceof CancelledException;
        }

        private void ended(Object how) {
            Object within = next instanceof WatchedStream inner ? inner.end.get() : null;
            Object agreed = within == null || (how instanceof Throwable && !isClosingOf(within, how)) ? how : within;
            if (!end.compareAndSet(null, agreed)) {
                return;
            }
            if (agreed instanceof ChatResponse response) {
                watch.done(response);
            } else if (agreed instanceof Throwable failure) {
                tell(watch, failure);
            } else {
                watch.cancelled(null);
            }
        }
    }
}
