package dev.plinth.rag.index;

import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.text.Analyzer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What an {@link InMemoryIndex} was built with. */
record IndexSettings(
        VectorStore.Stamp stamp,
        ScanMode scanMode,
        double targetRecall,
        Analyzer analyzer,
        double k1,
        double b,
        @Nullable Path mappedFolder) {

    VectorTable newVectors() {
        return new VectorTable(stamp.dimensions(), scanMode, targetRecall, mappedFolder);
    }

    PostingTable newPostings() {
        return new PostingTable(k1, b);
    }

    IndexSettings onHeap() {
        return new IndexSettings(stamp, scanMode, targetRecall, analyzer, k1, b, null);
    }
}
