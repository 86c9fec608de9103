package dev.plinth.api.layer;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A model that chooses among others, call by call. {@link Layers} put what stands within {@link Stage#ROUTE}, such as
 * retries and limits, around each of these and everything else around the whole.
 *
 * <p>Immutable and thread-safe.
 *
 * @param <M> the interface of the models, which is the implementor's own, too
 */
public interface Routed<M> {

    /** The models it chooses among, at least one; the first choice first. */
    List<M> targets();

    /** The same choice among these models, wrapped. What is known of their health is shared with the copy. */
    M around(UnaryOperator<M> wrap);
}
