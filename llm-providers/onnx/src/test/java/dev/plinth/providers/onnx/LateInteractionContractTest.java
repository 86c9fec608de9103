package dev.plinth.providers.onnx;

import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.tck.RerankerContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class LateInteractionContractTest extends RerankerContract {

    private static OnnxReranker reranker;

    @BeforeAll
    static void load() {
        reranker = OnnxReranker.lateInteraction(PackagedModel.MINI_LM_L6_V2);
    }

    @AfterAll
    static void free() {
        reranker.close();
    }

    @Override
    protected Reranker reranker() {
        return reranker;
    }
}
