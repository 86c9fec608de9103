package dev.plinth.api.embedding;

import dev.plinth.api.check.Check;
import dev.plinth.api.model.ModelInfo;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An embedding model that hands every call on to another: the base of wrappers, which override what they change.
 *
 * <p>As thread-safe as the other one.
 */
public abstract class ForwardingEmbeddingModel implements EmbeddingModel {

    private final EmbeddingModel next;

    /** @param next gets the calls */
    protected ForwardingEmbeddingModel(EmbeddingModel next) {
        this.next = Check.notNull(next, "next");
    }

    /** What gets the calls. */
    protected final EmbeddingModel next() {
        return next;
    }

    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        return next.embed(request);
    }

    @Override
    public ModelInfo info() {
        return next.info();
    }

    @Override
    public OptionalInt dimensions() {
        return next.dimensions();
    }

    @Override
    public EmbeddingLimits limits() {
        return next.limits();
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type) {
        return type.isInstance(this) ? Optional.of(type.cast(this)) : next.unwrap(type);
    }
}
