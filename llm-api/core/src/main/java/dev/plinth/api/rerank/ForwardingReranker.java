package dev.plinth.api.rerank;

import dev.plinth.api.check.Check;
import dev.plinth.api.model.ModelInfo;

/**
 * A reranker that hands every call on to another: the base of wrappers, which override what they change.
 *
 * <p>As thread-safe as the other one.
 */
public abstract class ForwardingReranker implements Reranker {

    private final Reranker next;

    /** @param next gets the calls */
    protected ForwardingReranker(Reranker next) {
        this.next = Check.notNull(next, "next");
    }

    /** What gets the calls. */
    protected final Reranker next() {
        return next;
    }

    @Override
    public RerankResponse rerank(RerankRequest request) {
        return next.rerank(request);
    }

    @Override
    public ModelInfo info() {
        return next.info();
    }
}
