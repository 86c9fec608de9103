package dev.plinth.tracing.reactor;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/** One call that waits for its whole answer on a thread of a scheduler. */
final class PlainCall {

    private final ChatModel model;
    private final ChatRequest request;
    private final MonoSink<ChatResponse> sink;
    private volatile boolean cancelled;

    PlainCall(ChatModel model, ChatRequest request, MonoSink<ChatResponse> sink) {
        this.model = model;
        this.request = request;
        this.sink = sink;
    }

    /** Disposing of the worker interrupts the call. */
    void start(Scheduler.Worker worker) {
        sink.onCancel(() -> {
            cancelled = true;
            worker.dispose();
        });
        sink.onDispose(worker);
        worker.schedule(this::ask);
    }

    private void ask() {
        ChatResponse response;
        try {
            response = request.context().call(() -> model.chat(request));
        } catch (Throwable failure) { // checked ones too, or the Mono would never end
            if (!cancelled) { // else nobody listens, and the end of the call was asked for
                sink.error(failure);
            }
            return;
        }
        sink.success(response);
    }
}
