package dev.plinth.api.layer;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.tool.Tool;

/**
 * Wraps any of the platform's interfaces: the one way to extend it. Each method returns what it was given unless a
 * layer overrides it.
 *
 * <p>Thread-safe. What it wraps around behaves as the interface says: thread-safe, errors passed on, streams closed.
 *
 * @see ChatWatch for layers that only watch
 */
public interface Layer {

    /** Where the layer stands. Layers of one stage stand in the order they were added, the first outermost. */
    Stage stage();

    /** Wraps a chat model. */
    default ChatModel around(ChatModel next) {
        return next;
    }

    /** Wraps an embedding model. */
    default EmbeddingModel around(EmbeddingModel next) {
        return next;
    }

    /** Wraps a reranker. */
    default Reranker around(Reranker next) {
        return next;
    }

    /** Wraps a retriever. */
    default Retriever around(Retriever next) {
        return next;
    }

    /** Wraps a tool. */
    default Tool around(Tool next) {
        return next;
    }
}
