package dev.plinth.providers.onnx;

import dev.plinth.api.time.Deadline;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One way to tell how well documents serve a query.
 *
 * <p>Thread-safe.
 */
interface Scorer {

    /** A score for each document; higher is better. */
    Scores score(String query, List<String> documents, @Nullable Deadline deadline);

    /** How many texts or pairs were cut so far. */
    long truncated();
}
