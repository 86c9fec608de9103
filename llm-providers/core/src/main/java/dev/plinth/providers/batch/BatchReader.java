package dev.plinth.providers.batch;

import dev.plinth.api.batch.Batch;
import dev.plinth.providers.wire.JsonBody;

/**
 * Puts together what a server says of one batch.
 *
 * <p>Not thread-safe.
 */
public interface BatchReader extends JsonBody.Fields {

    /** Whether what was read is a batch: it has an id and a state at least. */
    boolean isComplete();

    /** The batch; only when it {@link #isComplete()}. */
    Batch toBatch();
}
