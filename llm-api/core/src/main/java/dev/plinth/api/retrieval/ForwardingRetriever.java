package dev.plinth.api.retrieval;

import dev.plinth.api.check.Check;

/**
 * A retriever that hands every call on to another: the base of wrappers, which override what they change.
 *
 * <p>As thread-safe as the other one.
 */
public abstract class ForwardingRetriever implements Retriever {

    private final Retriever next;

    /** @param next gets the calls */
    protected ForwardingRetriever(Retriever next) {
        this.next = Check.notNull(next, "next");
    }

    /** What gets the calls. */
    protected final Retriever next() {
        return next;
    }

    @Override
    public Retrieval retrieve(RetrievalRequest request) {
        return next.retrieve(request);
    }

    @Override
    public String name() {
        return next.name();
    }
}
