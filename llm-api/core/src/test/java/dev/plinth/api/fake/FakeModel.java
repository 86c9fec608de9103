package dev.plinth.api.fake;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A model that answers with a function and replays its answers as streams. */
public final class FakeModel implements ChatModel {
    private final Function<ChatRequest, ChatResponse> answers;
    public final List<ChatRequest> requests = new CopyOnWriteArrayList<>();
    public final List<ChatStream> streams = new CopyOnWriteArrayList<>();

    public FakeModel(Function<ChatRequest, ChatResponse> answers) {
        this.answers = answers;
    }

    /** Answers these, one after the other, and the last one again and again. */
    public static FakeModel of(ChatResponse... responses) {
        Queue<ChatResponse> queue = new ArrayDeque<>(List.of(responses));
        return new FakeModel(request -> queue.size() > 1 ? queue.remove() : queue.element());
    }

    public static FakeModel of(String text) {
        return of(ChatResponse.of(text));
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        requests.add(request);
        return answers.apply(request);
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        ChatStream stream = ChatStream.replay(chat(request));
        streams.add(stream);
        return stream;
    }

    @Override
    public ModelInfo info() {
        return ModelInfo.local("fake", "fake-1", Capability.TOOLS);
    }
}
