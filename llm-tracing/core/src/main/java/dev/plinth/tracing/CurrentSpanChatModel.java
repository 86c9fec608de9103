package dev.plinth.tracing;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.chat.StreamEvent;
import io.opentelemetry.context.Scope;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Makes the span that a request carries current while the next model works, on whichever thread reads, so that the
 * spans of other libraries nest under it.
 */
final class CurrentSpanChatModel extends ForwardingChatModel {

    CurrentSpanChatModel(ChatModel next) {
        super(next);
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        CallSpan span = Spans.carried(request.context());
        return span == null ? next().chat(request) : within(span, () -> next().chat(request));
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        CallSpan span = Spans.carried(request.context());
        if (span == null) {
            return next().stream(request);
        }
        span.set(GenAi.REQUEST_STREAM, true);
        return new CurrentSpanStream(within(span, () -> next().stream(request)), span);
    }

    private static <T> T within(CallSpan span, Supplier<T> work) {
        try (Scope scope = span.context().makeCurrent()) {
            return work.get();
        }
    }

    private static final class CurrentSpanStream implements ChatStream, Iterator<StreamEvent> {

        private final ChatStream stream;
        private final Iterator<StreamEvent> events;
        private final CallSpan span;

        CurrentSpanStream(ChatStream stream, CallSpan span) {
            this.stream = stream;
            this.events = stream.iterator();
            this.span = span;
        }

        @Override
        public Iterator<StreamEvent> iterator() {
            return this;
        }

        @Override
        public boolean hasNext() {
            return within(span, events::hasNext);
        }

        @Override
        public StreamEvent next() {
            return within(span, events::next);
        }

        @Override
        public ChatStream onText(Consumer<? super String> sink) {
            within(span, () -> stream.onText(sink));
            return this;
        }

        @Override
        public ChatResponse response() {
            return within(span, stream::response);
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
