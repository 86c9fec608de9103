package dev.plinth.rag.index;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.text.SearchText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * All that an index holds, by row number. A replaced chunk gets a new row; the old one stays as a hole until
 * {@link #compact}. {@link InMemoryIndex} holds the lock: one writer at a time and no reader beside it.
 */
final class IndexState {
    private static final int HOLES_BEFORE_COMPACTION = 1024;

    private final IndexSettings settings;
    private final IndexLedger ledger = new IndexLedger();
    private final NavigableMap<String, Integer> rowsById = new TreeMap<>();
    private List<@Nullable Chunk> chunks = new ArrayList<>();
    private VectorTable vectors;
    private PostingTable postings;

    IndexState(IndexSettings settings) {
        this.settings = settings;
        this.vectors = settings.newVectors();
        this.postings = settings.newPostings();
    }

    int size() {
        return rowsById.size();
    }

    VectorTable vectors() {
        return vectors;
    }

    PostingTable postings() {
        return postings;
    }

    IndexLedger ledger() {
        return ledger;
    }

    /** Chunks by row; null where there is a hole. */
    List<@Nullable Chunk> chunks() {
        return chunks;
    }

    Chunk chunk(int row) {
        Chunk chunk = chunks.get(row);
        if (chunk == null) {
            throw new IllegalStateException("row: " + row + " (expected: a live row)");
        }
        return chunk;
    }

    /** Makes room for this many chunks more, so that nothing is changed if there is none. */
    void reserve(int more) {
        vectors.reserve(chunks.size() + more);
    }

    /** Adds or replaces a chunk. Without a vector, one that the id has already is kept. */
    void put(Chunk chunk, float @Nullable [] unit) {
        put(chunk, unit, row -> postings.put(row, settings.analyzer().terms(SearchText.of(chunk))));
    }

    /** The same with terms that were counted before, see {@link PostingTable#pairs}. */
    void put(Chunk chunk, float @Nullable [] unit, int @Nullable [] pairs) {
        put(chunk, unit, row -> {
            if (pairs != null) {
                postings.put(row, pairs);
            }
        });
    }

    private void put(Chunk chunk, float @Nullable [] unit, IntConsumer indexTerms) {
        float[] vector = unit != null ? unit : vectorOf(chunk.id());
        delete(chunk.id());
        int row = chunks.size();
        chunks.add(chunk);
        rowsById.put(chunk.id(), row);
        indexTerms.accept(row);
        if (vector != null) {
            vectors.put(row, vector);
        }
    }

    float @Nullable [] vectorOf(String id) {
        Integer row = rowsById.get(id);
        return row == null ? null : vectorOf((int) row);
    }

    float @Nullable [] vectorOf(int row) {
        if (!vectors.live().contains(row)) {
            return null;
        }
        float[] copy = new float[VectorLayout.padded(settings.stamp().dimensions())];
        vectors.copy(row, copy);
        return copy;
    }

    /** The chunk of an id with its vector; empty when there is none, or none with a vector. */
    Optional<Embedded> embedded(String id) {
        Integer row = rowsById.get(id);
        return row == null ? Optional.empty() : embedded((int) row);
    }

    private Optional<Embedded> embedded(int row) {
        float[] padded = vectorOf(row);
        return padded == null
                ? Optional.empty()
                : Optional.of(new Embedded(
                        chunk(row), Arrays.copyOf(padded, settings.stamp().dimensions())));
    }

    /** The next chunks with a vector in the order of their ids; the cursor is the last id seen. */
    VectorStore.Page scan(@Nullable String cursor, int limit) {
        List<Embedded> found = new ArrayList<>();
        for (Map.Entry<String, Integer> entry :
                (cursor == null ? rowsById : rowsById.tailMap(cursor, false)).entrySet()) {
            if (found.size() == limit) {
                return new VectorStore.Page(found, found.get(limit - 1).chunk().id());
            }
            embedded((int) entry.getValue()).ifPresent(found::add);
        }
        return new VectorStore.Page(found, null);
    }

    void delete(String id) {
        Integer row = rowsById.remove(id);
        if (row != null) {
            chunks.set(row, null);
            vectors.remove(row);
            postings.remove(row);
        }
    }

    /**
     * What every write ends with: holes are closed when they are many, and the recall is measured anew after growth.
     */
    void settle() {
        int holes = chunks.size() - rowsById.size();
        if (holes > HOLES_BEFORE_COMPACTION && holes > chunks.size() / 4) {
            compact();
        }
        vectors.measureIfGrown();
    }

    private void compact() {
        IndexState fresh = new IndexState(settings);
        try {
            copyTo(fresh);
        } catch (RuntimeException exception) {
            fresh.vectors.close();
            throw exception;
        }
        rowsById.clear();
        rowsById.putAll(fresh.rowsById);
        chunks = fresh.chunks;
        vectors.close();
        vectors = fresh.vectors;
        postings = fresh.postings;
    }

    private void copyTo(IndexState fresh) {
        int[] termIds = fresh.postings.takeTerms(postings);
        for (int row = 0; row < chunks.size(); row++) {
            Chunk chunk = chunks.get(row);
            if (chunk != null) {
                fresh.put(chunk, vectorOf(row), PostingTable.renumbered(postings.pairs(row), termIds));
            }
        }
        fresh.vectors.measureIfGrown();
    }

    /** Live rows with a vector that pass the test. */
    RowSet vectorRows(@Nullable IntPredicate test) {
        return test == null ? vectors.live() : RowSet.where(vectors.live(), vectors.rows(), test);
    }
}
