package dev.plinth.rag.index;

import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.text.Analyzer;

/** What an {@link InMemoryIndex} was built with. */
record IndexSettings(
        VectorStore.Stamp stamp, ScanMode scanMode, double targetRecall, Analyzer analyzer, double k1, double b) {

    VectorTable newVectors() {
        return new VectorTable(stamp.dimensions(), scanMode, targetRecall);
    }

    PostingTable newPostings() {
        return new PostingTable(k1, b);
    }
}
