package dev.plinth.providers.batch;

import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.batch.Batch;
import java.io.IOException;

/**
 * Puts together what a server says of one batch.
 *
 * <p>Not thread-safe.
 */
public interface BatchReader {

    /**
     * Reads the value of a field, to its end, if it matters.
     *
     * @return false: it does not, and the parser still stands at the value
     */
    boolean read(String field, JsonParser json) throws IOException;

    /** Whether what was read is a batch: it has an id and a state at least. */
    boolean isComplete();

    /** The batch; only when it {@link #isComplete()}. */
    Batch toBatch();
}
