package dev.plinth.tracing.content;

/**
 * Takes out of a text what must not be recorded. It sees every text by itself: of messages, reasoning, tool calls and
 * their results, queries, descriptions of tools.
 *
 * <p>Thread-safe. When it throws, nothing of the call's content is recorded; the call itself is not affected.
 */
@FunctionalInterface
public interface Redactor {

    /** The text without what must not be recorded. */
    String redact(String text);
}
