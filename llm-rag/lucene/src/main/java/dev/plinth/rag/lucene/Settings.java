package dev.plinth.rag.lucene;

import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.index.StoreBytes;
import dev.plinth.rag.text.Analyzer;
import dev.plinth.rag.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.search.similarities.Similarity;
import org.jspecify.annotations.Nullable;

/**
 * What an index is opened with.
 *
 * @param root given by the user; tenants stand below it
 * @param neighbours of a vector in a graph
 * @param candidates looked at for the neighbours
 */
record Settings(
        Path root,
        VectorStore.Stamp stamp,
        @Nullable String tenant,
        Analyzer analyzer,
        double k1,
        double b,
        boolean exact,
        int oversampling,
        int neighbours,
        int candidates) {
    private static final int FORMAT = 2;

    /** Where the index of the tenant is: each has its own, so that nothing of one is in the statistics of another. */
    Path directory() {
        if (tenant == null) {
            return root;
        }
        String folder = tenant.matches("[a-z0-9][a-z0-9_-]{0,59}")
                ? tenant
                : "x-" + Sha256.of(tenant.getBytes(StandardCharsets.UTF_16BE));
        return root.resolve("tenants").resolve(folder);
    }

    Similarity similarity() {
        return new BM25Similarity((float) k1, (float) b);
    }

    /** What is written into every commit, and must be the same when the index is opened again. */
    Map<String, String> manifest() {
        Map<String, String> manifest = new TreeMap<>();
        manifest.put("plinth.format", FORMAT + "." + StoreBytes.VERSION);
        manifest.put("plinth.model", stamp.model());
        manifest.put("plinth.dimensions", String.valueOf(stamp.dimensions()));
        manifest.put("plinth.analyzer", analyzer.name());
        return manifest;
    }
}
