package dev.plinth.rag.answer;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.model.ModelInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chat model that always says the same, three characters at a time when streamed, and remembers what it was asked.
 */
final class Scripted implements ChatModel {
    private final String answer;
    private final List<ChatRequest> asked = new ArrayList<>();

    Scripted(String answer) {
        this.answer = answer;
    }

    List<ChatRequest> asked() {
        return asked;
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        asked.add(request);
        return ChatResponse.of(answer);
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        ChatResponse response = chat(request);
        return new AbstractChatStream() {
            private int position;

            @Override
            protected @Nullable StreamEvent advance() {
                if (position >= answer.length()) {
                    return new StreamEvent.Finished(response);
                }
                String piece = answer.substring(position, Math.min(answer.length(), position + 3));
                position += 3;
                return new StreamEvent.TextDelta(piece);
            }

            @Override
            protected void release() {
                // nothing is held
            }
        };
    }

    @Override
    public ModelInfo info() {
        return ModelInfo.local("test", "scripted");
    }
}
