package dev.plinth.providers.onnx;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The token vectors of the documents that were asked for last. Thread-safe. */
final class KeptDocuments {
    private final Map<String, float[][]> vectors;

    /** @param most how many documents are kept; 0: none */
    KeptDocuments(int most) {
        this.vectors = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, float[][]> eldest) {
                return size() > most;
            }
        };
    }

    synchronized float @Nullable [][] get(String document) {
        return vectors.get(document);
    }

    synchronized void put(String document, float[][] tokens) {
        vectors.put(document, tokens);
    }
}
