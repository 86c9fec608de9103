package dev.plinth.api.embedding;

/** What a text is embedded for. Models with instructions or prefixes treat the two differently. */
public enum InputType {
    /** A text to search with. */
    QUERY,
    /** A text to be found. */
    DOCUMENT
}
