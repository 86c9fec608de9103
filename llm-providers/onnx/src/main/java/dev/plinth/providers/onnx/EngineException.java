package dev.plinth.providers.onnx;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;

/** The native engine failed: a fault of the model file or of the machine, so that a retry does not help. */
final class EngineException extends LlmException {

    private static final long serialVersionUID = 1L;

    EngineException(String message, ErrorDetails details, Throwable cause) {
        super("engine_failed", false, message, details, cause);
    }
}
