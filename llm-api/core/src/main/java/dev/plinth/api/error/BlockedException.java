package dev.plinth.api.error;

/** A guardrail blocks the request or the answer. */
public final class BlockedException extends DeniedException {

    private static final long serialVersionUID = 1L;

    /**
     * A block.
     *
     * @param rule the name of the guardrail
     * @param owner who answers for it
     * @param message what kind of content was found, not the content
     */
    public BlockedException(String rule, String owner, String message, ErrorDetails details) {
        super("blocked", rule, owner, message, details);
    }
}
