package dev.plinth.evals;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;

/**
 * There is no recorded answer to an input. Unlike other errors its message shows the input, next to the nearest
 * recorded one: both are test data of the project's own, and their difference is what one needs to see.
 */
public final class UnrecordedInputException extends LlmException {

    private static final long serialVersionUID = 1L;

    UnrecordedInputException(String message) {
        super("unrecorded_input", false, message, ErrorDetails.NONE, null);
    }
}
