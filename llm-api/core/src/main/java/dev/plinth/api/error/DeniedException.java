package dev.plinth.api.error;

import dev.plinth.api.check.Check;

/**
 * A rule of the platform denies the call or its answer: an unlisted model, a missing right, an exhausted budget, a
 * guardrail. It names the rule and who owns it, so that the caller knows whom to ask.
 */
public class DeniedException extends LlmException {

    private static final long serialVersionUID = 1L;

    private final String rule;
    private final String owner;

    /**
     * A denial.
     *
     * @param rule the name of the rule
     * @param owner who answers for the rule
     * @param message what was denied and what would be allowed
     */
    public DeniedException(String rule, String owner, String message, ErrorDetails details) {
        this("denied", rule, owner, message, details);
    }

    /** For subclasses with a code of their own. */
    protected DeniedException(String code, String rule, String owner, String message, ErrorDetails details) {
        super(code, false, message + " (rule: " + rule + ", owner: " + owner + ")", details, null);
        this.rule = Check.notBlank(rule, "rule");
        this.owner = Check.notBlank(owner, "owner");
    }

    /** The name of the rule. */
    public final String rule() {
        return rule;
    }

    /** Who answers for the rule. */
    public final String owner() {
        return owner;
    }
}
