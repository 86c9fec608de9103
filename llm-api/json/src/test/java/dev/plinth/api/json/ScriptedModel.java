package dev.plinth.api.json;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Message;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.usage.Usage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/** Answers what it was told to, one after the other, and keeps what it was asked. Each answer uses 10 and 5 tokens. */
final class ScriptedModel implements ChatModel {

    final List<ChatRequest> requests = new ArrayList<>();
    private final Deque<Supplier<ChatResponse>> script = new ArrayDeque<>();
    private final ModelInfo info;

    ScriptedModel(Capability... capabilities) {
        this.info = ModelInfo.local("scripted", "scripted-1", capabilities);
    }

    ScriptedModel says(String text) {
        return says(text, FinishReason.STOP);
    }

    ScriptedModel says(String text, FinishReason reason) {
        return answers(response(Message.assistant(text), reason));
    }

    ScriptedModel answers(ChatResponse response) {
        script.add(() -> response);
        return this;
    }

    ScriptedModel fails(RuntimeException exception) {
        script.add(() -> {
            throw exception;
        });
        return this;
    }

    /** Runs something before the next scripted answer. */
    ScriptedModel after(Runnable step) {
        Supplier<ChatResponse> last = script.removeLast();
        script.add(() -> {
            step.run();
            return last.get();
        });
        return this;
    }

    ChatResponse response(Message message, FinishReason reason) {
        return ChatResponse.builder()
                .message(message)
                .finishReason(reason)
                .usage(Usage.of(10, 5))
                .requestId("req-" + (script.size() + 1))
                .build();
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        request.requireSupport(info);
        requests.add(request);
        return script.remove().get();
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        throw new AssertionError("stream: called (expected: chat only)");
    }

    @Override
    public ModelInfo info() {
        return info;
    }
}
