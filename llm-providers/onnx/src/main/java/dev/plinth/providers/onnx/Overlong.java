package dev.plinth.providers.onnx;

/**
 * What happens to a text with more tokens than the model reads. What is cut is counted, see
 * {@link OnnxEmbeddings#truncatedTexts()} and {@link OnnxReranker#truncatedTexts()}.
 */
public enum Overlong {
    /** The rest is left out; of a pair that is too long together, the longer text is cut first. */
    TRUNCATE,
    /**
     * The rest of a document is left out, also where a query stands beside it. A query is never cut: if it is too long,
     * the call fails with {@link dev.plinth.api.error.ContextTooLongException}.
     */
    TRUNCATE_DOCUMENTS,
    /** The call fails with {@link dev.plinth.api.error.ContextTooLongException} before the model reads anything. */
    REJECT
}
