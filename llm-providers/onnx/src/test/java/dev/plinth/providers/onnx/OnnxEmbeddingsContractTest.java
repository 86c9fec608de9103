package dev.plinth.providers.onnx;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.tck.EmbeddingModelContract;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class OnnxEmbeddingsContractTest extends EmbeddingModelContract {

    private static OnnxEmbeddings model;

    @BeforeAll
    static void load() {
        model = OnnxEmbeddings.miniLm();
    }

    @AfterAll
    static void free() {
        model.close();
    }

    @Override
    protected EmbeddingModel model() {
        return model;
    }

    @Override
    protected Set<Behavior> unsupported() {
        return Set.of(Behavior.CHOSEN_DIMENSIONS);
    }
}
