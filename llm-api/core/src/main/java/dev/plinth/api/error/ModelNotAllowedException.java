package dev.plinth.api.error;

import dev.plinth.api.check.Check;
import java.util.List;

/** The catalogue does not list the model, or no longer. Thrown before anything is sent. */
public final class ModelNotAllowedException extends DeniedException {

    private static final long serialVersionUID = 1L;

    private final List<String> nearest;

    /** @param nearest names that are allowed, the most similar first; may be empty */
    public ModelNotAllowedException(
            String rule, String owner, String message, List<String> nearest, ErrorDetails details) {
        super("model_not_allowed", rule, owner, message, details);
        this.nearest = List.copyOf(Check.notNull(nearest, "nearest"));
    }

    /** Names that are allowed, the most similar first. */
    public List<String> nearest() {
        return nearest;
    }
}
