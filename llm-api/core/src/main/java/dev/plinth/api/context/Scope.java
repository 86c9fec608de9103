package dev.plinth.api.context;

/** Ends what {@link CallContext#makeCurrent()} began. Close it on the same thread. */
@FunctionalInterface
public interface Scope extends AutoCloseable {

    /** Makes the context current again that was so before. Closing twice does nothing. */
    @Override
    void close();
}
