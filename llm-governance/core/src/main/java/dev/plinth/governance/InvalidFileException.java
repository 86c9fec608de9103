package dev.plinth.governance;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file, such as a catalogue, breaks its format. The message names every place that does. */
public final class InvalidFileException extends LlmException {

    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    InvalidFileException(List<String> problems, @Nullable Throwable cause) {
        super("invalid_file", false, String.join(System.lineSeparator(), problems), ErrorDetails.NONE, cause);
        this.problems = List.copyOf(problems);
    }

    /** Each in the form {@code file:line: key: value (expected: ...)}, in the order of the file. At least one. */
    public List<String> problems() {
        return problems;
    }
}
