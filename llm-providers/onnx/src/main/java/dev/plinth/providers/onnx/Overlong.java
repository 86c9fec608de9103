package dev.plinth.providers.onnx;

/** What happens to a text with more tokens than the model reads. */
public enum Overlong {
    /** The rest is left out, {@link OnnxEmbeddings#truncatedTexts()} counts it. */
    TRUNCATE,
    /** The call fails with {@link dev.plinth.api.error.ContextTooLongException} before any text is embedded. */
    REJECT
}
