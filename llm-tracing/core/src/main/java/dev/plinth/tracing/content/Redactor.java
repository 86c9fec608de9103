package dev.plinth.tracing.content;

/**
 * Takes out of a text what must not be recorded. It sees every text by itself: of messages, reasoning, tool calls and
 * their results, queries, names and descriptions of tools, types and addresses of media, ids of calls and chunks. An id
 * that it changes is recorded as a hash, the same wherever the id stands in this process.
 *
 * <p>Thread-safe. When it throws, nothing of the call's content is recorded; the call itself is not affected.
 */
@FunctionalInterface
public interface Redactor {

    /** The text without what must not be recorded. */
    String redact(String text);
}
