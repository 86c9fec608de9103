package dev.plinth.providers.limit;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.providers.attempt.BegunAnswer;
import dev.plinth.providers.attempt.DeferredStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
                asked(request),
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
        return new DeferredStream(asked.context(), new LimitedSource(asked));
    }

    private ModelInfo asked(ChatRequest request) {
        ModelInfo info = next().info();
        return info.named(request.model().orElse(info.model()));
    }

    private final class LimitedSource implements DeferredStream.Source {
        private final ChatRequest request;
        private @Nullable Pass pass;
        private long beganAt;

        LimitedSource(ChatRequest request) {
            this.request = request;
        }

        @Override
        public BegunAnswer begin(Consumer<ChatStream> opened) {
            Pass entered = gates.enter(deployment, asked(request), request.context(), estimate.of(request));
            pass = entered;
            try {
                BegunAnswer answer = BegunAnswer.of(next().stream(request), opened);
                beganAt = gates.clock().nanos();
                return answer;
            } catch (Throwable failure) {
                entered.failed(failure);
                throw failure;
            }
        }

        @Override
        public ChatResponse finished(ChatResponse response) {
            if (pass != null) {
                pass.answered(response.usage(), response.rateLimits(), beganAt);
            }
            return response;
        }

        @Override
        public LlmException failed(LlmException failure) {
            if (pass != null) {
                pass.failed(failure);
            }
            return failure;
        }

        @Override
        public void cancelled() {
            if (pass != null) {
                pass.cancelled();
            }
        }
    }
}
