package dev.plinth.rag.lucene;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** Changes that are written together or not at all; of two of one key the last one counts. Not thread-safe. */
final class Batch {
    /**
     * A document for a key.
     *
     * @param document null: the one that is there is removed
     * @param keepsVector whether it gets the vector of the one that is there
     */
    private record Change(@Nullable Document document, boolean keepsVector) {}

    private final Map<BytesRef, Change> changes = new LinkedHashMap<>();
    private boolean written;

    void remove(BytesRef key) {
        changes.put(key, new Change(null, false));
    }

    void put(BytesRef key, Document document) {
        changes.put(key, new Change(document, false));
    }

    /** Puts a document in the place of another, whose vector it takes over. */
    void putBesideVector(BytesRef key, Document document) {
        changes.put(key, new Change(document, true));
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }

    boolean written() {
        return written;
    }

    void markWritten() {
        written = true;
    }

    /** Hands the changes of several batches, one after the other, to a writer. */
    static void apply(List<Batch> batches, IndexWriter writer, IndexReader before) throws IOException {
        Map<BytesRef, @Nullable Document> documents = new HashMap<>();
        for (Batch batch : batches) {
            for (Map.Entry<BytesRef, Change> entry : batch.changes.entrySet()) {
                Document document = entry.getValue().document();
                if (document != null && entry.getValue().keepsVector()) {
                    float[] vector = vector(entry.getKey(), documents, before);
                    document = vector == null ? document : ChunkDocument.withVector(document, vector);
                }
                documents.put(entry.getKey(), document);
            }
        }
        for (Map.Entry<BytesRef, @Nullable Document> entry : documents.entrySet()) {
            Document document = entry.getValue();
            if (document == null) {
                writer.deleteDocuments(Keys.term(entry.getKey()));
            } else {
                writer.updateDocument(Keys.term(entry.getKey()), document);
            }
        }
    }

    private static float @Nullable [] vector(
            BytesRef key, Map<BytesRef, @Nullable Document> documents, IndexReader before) throws IOException {
        if (documents.containsKey(key)) {
            Document pending = documents.get(key);
            return pending == null ? null : ChunkDocument.vector(pending);
        }
        List<Integer> known = Keys.find(before, List.of(key));
        return known.isEmpty() ? null : ChunkDocument.vector(before, known.get(0));
    }
}
