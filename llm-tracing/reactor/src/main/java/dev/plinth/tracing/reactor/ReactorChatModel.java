package dev.plinth.tracing.reactor;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.ContextView;

/**
 * A chat model for Reactor. Nothing is asked before there is a subscriber, and every subscriber asks anew.
 *
 * <pre>{@code
 * ReactorChatModel reactive = ReactorChatModel.of(platform.chat("support"), Schedulers.boundedElastic());
 * Flux<StreamEvent> answer = reactive.stream(ChatRequest.of("Why is the sky blue?"));
 * }</pre>
 *
 * <p>A call belongs to the {@link CallContext} that was set on its request, else to the one that Reactor's context has
 * under that class, else to the one that is current where it is subscribed to. One that has no place in a trace takes the
 * span that is current there. Errors are those of the model.
 *
 * <p>Thread-safe.
 */
public final class ReactorChatModel {

    private final ChatModel model;
    private final Scheduler scheduler;

    private ReactorChatModel(ChatModel model, Scheduler scheduler) {
        this.model = Check.notNull(model, "model");
        this.scheduler = Check.notNull(scheduler, "scheduler");
    }

    /**
     * The model.
     *
     * @param scheduler whose threads wait for the answers; it stays the caller's to dispose of. Its workers should interrupt
     *     their thread when they are disposed of, as those of {@link reactor.core.scheduler.Schedulers#boundedElastic}
     *     and of an {@code ExecutorService} do and those of a plain {@code Executor} do not: until an answer or a stream
     *     has begun, only that ends a cancelled call early. On Java 21 and later one of virtual threads is best
     */
    public static ReactorChatModel of(ChatModel model, Scheduler scheduler) {
        return new ReactorChatModel(model, scheduler);
    }

    /** The whole answer. Cancelling gives the call up and, if the scheduler does so, interrupts its thread. */
    public Mono<ChatResponse> chat(ChatRequest request) {
        Check.notNull(request, "request");
        return Mono.deferContextual(view -> {
            ChatRequest asked = inContext(request, view);
            return Mono.create(sink -> new PlainCall(model, asked, sink).start(scheduler.createWorker()));
        });
    }

    /**
     * The answer as it comes, read from the model as it is asked for. Cancelling closes an open stream and its socket at
     * once, from any thread; one that is being opened is interrupted, if the scheduler does so, and else closed as soon as
     * it is open. Nothing is signalled after that.
     */
    public Flux<StreamEvent> stream(ChatRequest request) {
        Check.notNull(request, "request");
        return Flux.deferContextual(view -> {
            ChatRequest asked = inContext(request, view);
            // closes on every end, and when cancelled it tells the generator first, so that nothing is signalled
            return Flux.using(() -> new StreamedCall(model, asked), StreamedCall::events, StreamedCall::cancel)
                    .subscribeOn(scheduler);
        });
    }

    private static ChatRequest inContext(ChatRequest request, ContextView view) {
        CallContext own = request.context();
        CallContext context = request.hasContext() ? own : view.getOrDefault(CallContext.class, own);
        return request.toBuilder()
                .context(Check.notNull(context, "context").captured())
                .build();
    }
}
