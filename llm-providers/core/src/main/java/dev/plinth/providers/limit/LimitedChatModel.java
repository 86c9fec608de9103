package dev.plinth.providers.limit;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;

/** Sends every call when its turn has come. */
final class LimitedChatModel extends ForwardingChatModel {

    private final String deployment;
    private final Gates gates;
    private final TokenEstimate estimate;

    LimitedChatModel(ChatModel next, String deployment, Gates gates, TokenEstimate estimate) {
        super(next);
        this.deployment = deployment;
        this.gates = gates;
        this.estimate = estimate;
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        return gates.call(
                deployment,
                request.context(),
                estimate.of(request),
                () -> next().chat(request),
                ChatResponse::usage,
                ChatResponse::rateLimits);
    }

    /** The stream waits when it is read, so that closing it ends the wait. What can never be sent is refused before. */
    @Override
    public ChatStream stream(ChatRequest request) {
        request.requireSupport(next().info());
        ChatRequest asked = request.toBuilder().context(request.context()).build();
        return new LimitedStream(
                asked.context(),
                gates.clock(),
                () -> gates.enter(deployment, asked.context(), estimate.of(asked)),
                () -> next().stream(asked));
    }
}
