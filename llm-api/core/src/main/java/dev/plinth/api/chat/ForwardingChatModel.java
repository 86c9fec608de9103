package dev.plinth.api.chat;

import dev.plinth.api.check.Check;
import dev.plinth.api.model.ModelInfo;
import java.util.Optional;

/**
 * A model that hands every call on to another: the base of wrappers, which override what they change.
 *
 * <p>As thread-safe as the other model.
 */
public abstract class ForwardingChatModel implements ChatModel {

    private final ChatModel next;

    /** @param next gets the calls */
    protected ForwardingChatModel(ChatModel next) {
        this.next = Check.notNull(next, "next");
    }

    /** The model that gets the calls. */
    protected final ChatModel next() {
        return next;
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        return next.chat(request);
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        return next.stream(request);
    }

    @Override
    public ModelInfo info() {
        return next.info();
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type) {
        return type.isInstance(this) ? Optional.of(type.cast(this)) : next.unwrap(type);
    }
}
