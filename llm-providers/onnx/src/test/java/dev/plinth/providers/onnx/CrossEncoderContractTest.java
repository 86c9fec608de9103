package dev.plinth.providers.onnx;

import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.tck.RerankerContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class CrossEncoderContractTest extends RerankerContract {

    @TempDir
    private static Path folder;

    private static OnnxReranker reranker;

    @BeforeAll
    static void load() {
        reranker = OnnxReranker.crossEncoder(
                TestModels.overlap(folder), TestModels.tokenizer(folder), CrossEncoderProfile.of("overlap"));
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
