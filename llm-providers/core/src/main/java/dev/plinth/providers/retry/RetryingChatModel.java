package dev.plinth.providers.retry;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.providers.attempt.AttemptLog;
import dev.plinth.providers.attempt.BegunAnswer;
import dev.plinth.providers.attempt.DeferredStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tries again, plain calls as a whole and streams until they have begun to answer. */
final class RetryingChatModel extends ForwardingChatModel {

    private final Attempter attempter;

    RetryingChatModel(ChatModel next, Attempter attempter) {
        super(next);
        this.attempter = attempter;
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        AttemptLog log = attempter.newLog();
        ChatResponse answer = attempter.run(asked(request), request.context(), log, open -> {
            ChatResponse response = next().chat(request);
            open.answered(response);
            return response;
        });
        return log.attempts().size() == 1 ? answer : log.whole(answer);
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        request.requireSupport(next().info()); // refused at once, although the stream is opened later
        ChatRequest asked = request.toBuilder().context(request.context()).build();
        return new DeferredStream(asked.context(), new StreamAttempts(asked));
    }

    private ModelInfo asked(ChatRequest request) {
        ModelInfo info = next().info();
        return info.named(request.model().orElse(info.model()));
    }

    private final class StreamAttempts implements DeferredStream.Source {
        private final ChatRequest request;
        private final AttemptLog log = attempter.newLog();
        private AttemptLog.@Nullable Open answering;

        StreamAttempts(ChatRequest request) {
            this.request = request;
        }

        @Override
        public BegunAnswer begin(Consumer<ChatStream> opened) {
            return attempter.run(asked(request), request.context(), log, open -> {
                BegunAnswer answer = BegunAnswer.of(next().stream(request), opened);
                answering = open;
                return answer;
            });
        }

        @Override
        public ChatResponse finished(ChatResponse response) {
            if (answering != null) {
                answering.answered(response);
            }
            return log.attempts().size() == 1 ? response : log.whole(response);
        }

        @Override
        public LlmException failed(LlmException failure) {
            if (answering != null) {
                answering.failed(failure);
            }
            return log.attempts().size() == 1 ? failure : log.whole(failure);
        }

        @Override
        public void cancelled() {
            // nothing is held for an attempt
        }
    }
}
