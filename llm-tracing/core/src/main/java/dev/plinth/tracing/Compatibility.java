package dev.plinth.tracing;

/**
 * Back ends with words of their own that Plinth speaks besides the conventions', so that their views show types, models,
 * prompts, tokens, costs and content where they look for them.
 */
public enum Compatibility {
    /** Arize's OpenInference, which Phoenix reads. */
    OPENINFERENCE,
    /** Langfuse. It reads the conventions, but knows neither retrievals nor guardrails by them. */
    LANGFUSE
}
