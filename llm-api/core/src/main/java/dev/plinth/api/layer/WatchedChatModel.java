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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

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
        if (failure instanceof CancelledException) {
            watch.cancelled();
        } else {
            watch.failed(failure);
        }
    }

    private static final class WatchedStream extends AbstractChatStream {
        private final ChatStream next;
        private final Iterator<StreamEvent> events;
        private final ChatWatch watch;
        private final ChatRequest request;
        private final AtomicBoolean ended = new AtomicBoolean();

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
                if (ended.compareAndSet(false, true)) {
                    watch.done(finished.response());
                }
            } else {
                watch.event(event);
            }
            return event;
        }

        private StreamEvent read() {
            try {
                if (!events.hasNext()) {
                    throw new MalformedResponseException("stream: ended without a finish (expected: Finished)");
                }
                return events.next();
            } catch (CancelledException exception) {
                throw exception; // release() has told, or tells, the watch
            } catch (Throwable failure) {
                if (!isCancelled() && ended.compareAndSet(false, true)) {
                    watch.failed(failure);
                }
                throw failure;
            }
        }

        @Override
        protected void release() {
            try {
                next.close();
            } finally {
                if (ended.compareAndSet(false, true)) {
                    watch.cancelled();
                }
            }
        }
    }
}
