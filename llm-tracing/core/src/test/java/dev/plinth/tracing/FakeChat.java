package dev.plinth.tracing;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.model.ModelInfo;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** A model that answers what a test says. */
final class FakeChat implements ChatModel {

    private final ModelInfo info;
    private final Function<ChatRequest, ChatResponse> answer;

    FakeChat(ModelInfo info, Function<ChatRequest, ChatResponse> answer) {
        this.info = info;
        this.answer = answer;
    }

    FakeChat(String model, Function<ChatRequest, ChatResponse> answer) {
        this(ModelInfo.local("fake", model), answer);
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        return answer.apply(request);
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        return ChatStream.replay(chat(request));
    }

    @Override
    public ModelInfo info() {
        return info;
    }

    /** This model, but its streams are these. */
    ChatModel streaming(Function<ChatRequest, ChatStream> streams) {
        return new ChatModel() {
            @Override
            public ChatResponse chat(ChatRequest request) {
                return answer.apply(request);
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                return streams.apply(request);
            }

            @Override
            public ModelInfo info() {
                return info;
            }
        };
    }

    /** Gives these events; null stands for an event that does not come before the stream is closed. */
    static ChatStream events(Iterator<? extends StreamEvent> events) {
        CountDownLatch closed = new CountDownLatch(1);
        return new AbstractChatStream() {
            @Override
            protected StreamEvent advance() {
                StreamEvent event = events.hasNext() ? events.next() : null;
                if (event == null && events.hasNext()) {
                    await(closed);
                }
                return event;
            }

            @Override
            protected void release() {
                closed.countDown();
            }
        };
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interruption) {
            throw new IllegalStateException(interruption);
        }
    }
}
