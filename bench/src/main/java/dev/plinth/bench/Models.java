package dev.plinth.bench;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.providers.onnx.OnnxEmbeddings;

/** Embedding models by short name. */
final class Models {
    private Models() {}

    static EmbeddingModel of(String name) {
        return switch (name) {
            case "minilm" -> OnnxEmbeddings.miniLm();
            case "bge" -> OnnxEmbeddings.bgeSmallEn();
            case "e5" -> OnnxEmbeddings.e5Small();
            default -> throw new IllegalArgumentException("--model: " + name + " (expected: minilm, bge or e5)");
        };
    }
}
