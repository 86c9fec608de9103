package dev.plinth.api.context;

/**
 * What besides the {@link CallContext} has to be current on a thread while work of a call runs there, such as the span
 * that a tracing library keeps for each thread. For layers, which attach it to the context of the calls within.
 *
 * <p>Implementations are thread-safe: one is made current on many threads at once.
 */
@FunctionalInterface
public interface ThreadContext {

    /** Makes it current until the scope is closed, on the same thread. */
    Scope makeCurrent();

    /**
     * Captures what a library keeps for each thread; found by {@link java.util.ServiceLoader}.
     *
     * <p>Implementations are thread-safe.
     */
    @FunctionalInterface
    interface Provider {

        /**
         * The context with what the calling thread has current attached to it; the same context if that adds nothing, or
         * if the context knows better, since it comes from elsewhere.
         */
        CallContext capture(CallContext context);
    }
}
