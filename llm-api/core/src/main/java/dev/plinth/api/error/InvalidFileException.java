package dev.plinth.api.error;

import dev.plinth.api.check.Check;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file, such as a catalogue or a price list, breaks its format. The message names every place that does. */
public final class InvalidFileException extends LlmException {

    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    /** @param problems what is wrong, at least one, as {@link #problems()} has it */
    public InvalidFileException(List<String> problems, @Nullable Throwable cause) {
        super(
                "invalid_file",
                false,
                String.join(System.lineSeparator(), Check.notEmpty(problems, "problems")),
                ErrorDetails.NONE,
                cause);
        this.problems = List.copyOf(problems);
    }

    /**
     * Each in the form {@code file: key: value (expected: ...)}, with a line behind the file where it is known, in the
     * order of the file. At least one.
     */
    public List<String> problems() {
        return problems;
    }
}
