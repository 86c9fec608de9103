package dev.plinth.providers.route;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.layer.Admission;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The copies that go to one shadow, through the layers that stand around every target. */
final class ShadowTraffic {

    private final Shadow shadow;
    private final ChatModel model;

    ShadowTraffic(Shadow shadow) {
        this(shadow, shadow.deployment());
    }

    private ShadowTraffic(Shadow shadow, ChatModel model) {
        this.shadow = shadow;
        this.model = model;
    }

    ShadowTraffic around(UnaryOperator<ChatModel> wrap) {
        return new ShadowTraffic(shadow, wrap.apply(model));
    }

    /** The user has got this answer: nothing that happens here may take it away. */
    void answered(ChatRequest request, ChatResponse live) {
        boolean drawn = ThreadLocalRandom.current().nextDouble() * 100 < shadow.percent();
        if (!drawn || Choice.unfit(request, shadow.deployment()).isPresent()) {
            return;
        }
        try {
            shadow.executor().execute(() -> send(request, live));
        } catch (RejectedExecutionException full) {
            tellQuietly(request, live, new CancelledException("executor: full (expected: room for a copy)"));
        }
    }

    private void send(ChatRequest request, ChatResponse live) {
        CallContext context = copied(request.context());
        Optional<DeniedException> denied = Admission.refusal(shadow.deployment().info(), context);
        if (denied.isPresent()) {
            tell(request, live, null, denied.get());
            return;
        }
        ChatResponse answer;
        try {
            ChatRequest copy = copy(request, context);
            answer = context.call(() -> model.chat(copy));
        } catch (RuntimeException failure) {
            tell(request, live, null, failure);
            return;
        }
        tell(request, live, answer, null);
    }

    private ChatRequest copy(ChatRequest request, CallContext context) {
        ChatRequest.Builder copy = request.toBuilder()
                .context(context)
                .model(shadow.deployment().info().model());
        shadow.deployment().timeouts().ifPresent(copy::timeouts);
        return copy.build();
    }

    /** On the thread of the user, who must not see what a sink throws. */
    private void tellQuietly(ChatRequest request, ChatResponse live, RuntimeException failure) {
        try {
            tell(request, live, null, failure);
        } catch (RuntimeException ofTheSink) {
            failure.addSuppressed(ofTheSink);
        }
    }

    private void tell(
            ChatRequest request, ChatResponse live, @Nullable ChatResponse answer, @Nullable RuntimeException failure) {
        shadow.sink().accept(new ShadowAnswer(request, live, shadow.deployment(), answer, failure));
    }

    /** Who asks for what, but neither the interaction nor the deadline of the call: it is nobody's to wait for. */
    private static CallContext copied(CallContext context) {
        CallContext.Builder copy = CallContext.builder();
        context.principal().ifPresent(copy::principal);
        context.useCase().ifPresent(copy::useCase);
        context.prompt().ifPresent(copy::prompt);
        context.tags().forEach(copy::tag);
        context.attachment(Admission.class).ifPresent(rules -> copy.attachment(Admission.class, rules));
        return copy.tag("shadow", "true").build();
    }
}
