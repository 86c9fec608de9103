package dev.plinth.bench;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.providers.onnx.OnnxEmbeddings;
import dev.plinth.providers.onnx.PackagedModel;

/** Models with packaged weights by short name. */
final class Models {
    private Models() {}

    static EmbeddingModel of(String name) {
        return OnnxEmbeddings.builder(packaged(name)).build();
    }

    static PackagedModel packaged(String name) {
        return switch (name) {
            case "minilm" -> PackagedModel.MINI_LM_L6_V2;
            case "bge" -> PackagedModel.BGE_SMALL_EN_V1_5;
            case "e5" -> PackagedModel.E5_SMALL_V2;
            default -> throw new IllegalArgumentException("--model: " + name + " (expected: minilm, bge or e5)");
        };
    }
}
