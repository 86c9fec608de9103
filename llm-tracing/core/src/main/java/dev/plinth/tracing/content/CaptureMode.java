package dev.plinth.tracing.content;

/** How much of the content of calls is recorded. */
public enum CaptureMode {
    /** Nothing. */
    OFF,
    /** How much there was: messages, characters, tools; no text. */
    METADATA,
    /** The content, after a {@link Redactor} has seen every text of it. */
    REDACTED,
    /** The content as it is. */
    FULL
}
