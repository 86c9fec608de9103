package dev.plinth.api.rerank;

import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Documents to order.
 *
 * <p>Immutable and thread-safe.
 */
public final class RerankRequest {

    private final String query;
    private final List<String> documents;
    private final int top;
    private final @Nullable CallContext context;

    private RerankRequest(String query, List<String> documents, int top, @Nullable CallContext context) {
        this.query = Check.notBlank(query, "query");
        this.documents = List.copyOf(Check.notEmpty(documents, "documents"));
        this.top = Check.positive(top, "top");
        this.context = context;
    }

    /**
     * Orders these documents.
     *
     * @param documents at least one
     * @param top how many to return at most
     */
    public static RerankRequest of(String query, List<String> documents, int top) {
        return new RerankRequest(query, documents, top, null);
    }

    /** The same request in this context. */
    public RerankRequest in(CallContext context) {
        return new RerankRequest(query, documents, top, Check.notNull(context, "context"));
    }

    /** What is looked for. */
    public String query() {
        return query;
    }

    /** The documents, at least one. */
    public List<String> documents() {
        return documents;
    }

    /** How many to return at most. */
    public int top() {
        return top;
    }

    /** The context that was set, else the one that is current on the calling thread. */
    public CallContext context() {
        return context == null ? CallContext.current() : context;
    }

    /** Names what is asked for, without the texts. */
    @Override
    public String toString() {
        return "RerankRequest[" + documents.size() + " documents, top=" + top + "]";
    }
}
