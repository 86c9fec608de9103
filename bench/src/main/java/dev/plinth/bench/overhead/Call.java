package dev.plinth.bench.overhead;

/** A call that is measured. */
public enum Call {
    /** An answer of 200 tokens in one piece. */
    CHAT("chat", 1, 2000),
    /** A stream of 500 deltas; its figures are for one of them, a share of the whole included. */
    DELTA("delta", Answers.DELTAS, 600),
    /** An answer that asks for a tool. */
    TOOL("tool", 1, 2000),
    /** A batch of 64 x 384, answered as base64. */
    EMBEDDINGS_BASE64("embeddings.base64", 1, 1000),
    /** A batch of 64 x 384, answered as numbers. */
    EMBEDDINGS_FLOAT("embeddings.float", 1, 300);

    private final String figure;
    private final int parts;
    private final int warmUps;

    Call(String figure, int parts, int warmUps) {
        this.figure = figure;
        this.parts = parts;
        this.warmUps = warmUps;
    }

    /** How its figures are named. */
    public String figure() {
        return figure;
    }

    /** Of how many parts the figures are for one. */
    int parts() {
        return parts;
    }

    /** How many calls it takes until all that matters is compiled: more change the bytes by less than 1 %. */
    int warmUps() {
        return warmUps;
    }
}
