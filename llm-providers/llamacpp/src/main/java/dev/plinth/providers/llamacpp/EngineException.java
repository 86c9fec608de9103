package dev.plinth.providers.llamacpp;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import org.jspecify.annotations.Nullable;

/** The native engine failed: a fault of the model file or of the machine, so that a retry does not help. */
final class EngineException extends LlmException {

    private static final long serialVersionUID = 1L;

    EngineException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super("engine_failed", false, message, details, cause);
    }
}
