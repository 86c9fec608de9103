package dev.plinth.providers.onnx;

/**
 * Cuts a text into the numbers a model was trained on. Plinth brings one for the WordPiece vocabularies of the BERT
 * family (MiniLM, BGE, E5, GTE in English); for another family hand in your own.
 *
 * <p>Implementations are thread-safe.
 */
@FunctionalInterface
public interface Tokenizer {

    /**
     * All ids of the text, however long it is, the model's own start and end marks included.
     *
     * @param text any text, also an empty one
     * @return at least the two marks; the last id is the end mark, which stays when a sequence is cut to the model's
     *     length
     */
    int[] encode(String text);
}
