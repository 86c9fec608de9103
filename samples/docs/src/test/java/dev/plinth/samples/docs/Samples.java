package dev.plinth.samples.docs;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.testkit.FakeEmbeddingModel;

/** What snippets need and pages take for granted. */
final class Samples {

    private Samples() {}

    static EmbeddingModel embedding() {
        return FakeEmbeddingModel.create();
    }
}
