package dev.plinth.tracing;

/** What a call does, in the conventions' words; reranking has none there yet. */
enum Operation {
    CHAT("chat"),
    EMBEDDINGS("embeddings"),
    RERANK("rerank"),
    RETRIEVAL("retrieval"),
    EXECUTE_TOOL("execute_tool");

    private final String word;

    Operation(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    /** Whether a model is asked: only then is there a provider. */
    boolean isClient() {
        return this == CHAT || this == EMBEDDINGS || this == RERANK;
    }
}
