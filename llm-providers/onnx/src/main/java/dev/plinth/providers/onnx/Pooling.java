package dev.plinth.providers.onnx;

/** How the vectors of a text's tokens become the one vector of the text. A property of the trained model. */
public enum Pooling {
    /** The mean over all tokens, start and end mark included, padding not. */
    MEAN,
    /** The vector of the first token. */
    CLS
}
