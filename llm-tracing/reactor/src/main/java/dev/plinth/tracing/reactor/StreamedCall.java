package dev.plinth.tracing.reactor;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.error.CancelledException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;

/** One streamed call, opened where its first event is asked for. Pulled by one thread at a time, cancelled by any. */
final class StreamedCall {

    private final ChatModel model;
    private final ChatRequest request;
    private final Object lock = new Object();
    private @Nullable ChatStream stream;
    private boolean cancelled;

    StreamedCall(ChatModel model, ChatRequest request) {
        this.model = model;
        this.request = request;
    }

    Flux<StreamEvent> events() {
        return Flux.generate(this::pull);
    }

    /** Reads one event. Nothing is signalled once the call is cancelled: its subscription has been before. */
    private void pull(SynchronousSink<StreamEvent> sink) {
        StreamEvent event;
        try {
            event = request.context().call(() -> open().iterator().next());
        } catch (Throwable failure) { // checked ones too: languages without them are called
            if (!isCancelled()) {
                sink.error(failure);
            }
            return;
        }
        sink.next(event);
        if (event instanceof StreamEvent.Finished && !isCancelled()) {
            sink.complete();
        }
    }

    private ChatStream open() {
        if (stream != null) {
            return stream;
        }
        if (isCancelled()) {
            throw new CancelledException("stream: cancelled (expected: not before it is opened)");
        }
        ChatStream opened = model.stream(request);
        synchronized (lock) {
            stream = opened;
            if (!cancelled) {
                return opened;
            }
        }
        opened.close();
        throw new CancelledException("stream: cancelled (expected: not while it is opened)");
    }

    private boolean isCancelled() {
        synchronized (lock) {
            return cancelled;
        }
    }

    /** Closes the stream, or keeps it from being opened. Also for a call that has ended. */
    void cancel() {
        ChatStream open;
        synchronized (lock) {
            cancelled = true;
            open = stream;
        }
        if (open != null) {
            open.close();
        }
    }
}
