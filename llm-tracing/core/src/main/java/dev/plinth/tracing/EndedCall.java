package dev.plinth.tracing;

import dev.plinth.api.usage.Usage;
import io.opentelemetry.api.common.Attributes;
import org.jspecify.annotations.Nullable;

/**
 * What metrics are told of a call that has ended.
 *
 * @param operation what it did
 * @param labels operation, provider, models and server, bounded
 * @param errorType null: it succeeded, or the caller gave it up
 * @param seconds from start to end
 * @param usage what it used; unknown when nobody says
 */
record EndedCall(
        Operation operation, Attributes labels, @Nullable String errorType, double seconds, Usage usage) {

    /** The labels with the error, if there was one: its type may be a stranger's code or class. */
    Attributes withError(Labels bounds) {
        return errorType == null
                ? labels
                : labels.toBuilder()
                        .put(GenAi.ERROR_TYPE, bounds.bounded(GenAi.ERROR_TYPE, errorType))
                        .build();
    }
}
