package dev.plinth.api.retrieval;

import dev.plinth.api.chat.Message;
import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is looked for.
 *
 * <p>Immutable and thread-safe.
 */
public final class RetrievalRequest {

    private final String query;
    private final int k;
    private final Filter filter;
    private final List<Message> earlier;
    private final @Nullable CallContext context;

    private RetrievalRequest(String query, int k, Filter filter, List<Message> earlier, @Nullable CallContext context) {
        this.query = Check.notBlank(query, "query");
        this.k = Check.positive(k, "k");
        this.filter = Check.notNull(filter, "filter");
        this.earlier = List.copyOf(Check.notNull(earlier, "earlier"));
        this.context = context;
    }

    /**
     * Looks for this.
     *
     * @param k how many chunks to find at most
     */
    public static RetrievalRequest of(String query, int k) {
        return new RetrievalRequest(query, k, Filter.all(), List.of(), null);
    }

    /** The same request over the chunks that pass this filter. */
    public RetrievalRequest where(Filter filter) {
        return new RetrievalRequest(query, k, filter, earlier, context);
    }

    /** The same request in this context. */
    public RetrievalRequest in(CallContext context) {
        return new RetrievalRequest(query, k, filter, earlier, Check.notNull(context, "context"));
    }

    /** The same request after these turns of a conversation, oldest first, which the question may refer to. */
    public RetrievalRequest after(List<Message> earlier) {
        return new RetrievalRequest(query, k, filter, earlier, context);
    }

    /** The same request with another question in its place. */
    public RetrievalRequest asking(String query) {
        return new RetrievalRequest(query, k, filter, earlier, context);
    }

    /** The same request for another number of chunks at most. */
    public RetrievalRequest top(int k) {
        return new RetrievalRequest(query, k, filter, earlier, context);
    }

    /** What is looked for, in the user's words. */
    public String query() {
        return query;
    }

    /** How many chunks to find at most. */
    public int k() {
        return k;
    }

    /** Which chunks may be found. */
    public Filter filter() {
        return filter;
    }

    /** The turns of the conversation before the question, oldest first; empty when there are none. */
    public List<Message> earlier() {
        return earlier;
    }

    /** The context that was set, else the one that is current on the calling thread. */
    public CallContext context() {
        return context == null ? CallContext.current() : context;
    }

    /** Names what is asked for, without the query. */
    @Override
    public String toString() {
        return "RetrievalRequest[k=" + k + ", " + filter + "]";
    }
}
