package dev.plinth.rag.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * An inverted index scored by BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond",
 * 2009) in the form Lucene uses: for each query term
 * {@code ln(1 + (N - n + 0.5) / (n + 0.5)) * tf / (tf + k1 * (1 - b + b * length / averageLength))}, N rows, n of them
 * with the term. Removed rows count no more in N, n and the average.
 *
 * <p>One writer at a time and no reader beside it; any number of readers between writes.
 */
final class PostingTable {
    /** The rows a term occurs in, ascending, removed ones included, and how often. */
    private static final class Postings {
        private int[] rows = new int[2];
        private int[] counts = new int[2];
        private int size;
        private int liveRows;

        private void add(int row, int count) {
            if (size == rows.length) {
                rows = Arrays.copyOf(rows, size * 2);
                counts = Arrays.copyOf(counts, size * 2);
            }
            rows[size] = row;
            counts[size++] = count;
            liveRows++;
        }
    }

    private final double k1;
    private final double b;
    private final Map<String, Integer> termIds = new HashMap<>();
    private final List<String> terms = new ArrayList<>();
    private final List<Postings> postings = new ArrayList<>();

    /** For each row the ids of its terms and their counts, in turn; null for a row without text or removed. */
    private int[] @Nullable [] rowTerms = new int[16][];

    private int[] lengths = new int[16];
    private int rows;
    private int liveRows;
    private long totalLength;

    PostingTable(double k1, double b) {
        this.k1 = k1;
        this.b = b;
    }

    /** Indexes a new row. Rows come in ascending order; gaps are rows without text. */
    void put(int row, List<String> words) {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (String word : words) {
            counts.merge(idOf(word), 1, Integer::sum);
        }
        int[] pairs = new int[counts.size() * 2];
        int at = 0;
        for (Map.Entry<Integer, Integer> entry : counts.entrySet()) {
            pairs[at++] = entry.getKey();
            pairs[at++] = entry.getValue();
        }
        put(row, pairs);
    }

    /** Indexes a new row from the pairs that {@link #pairs} gave, with the ids of this table. */
    void put(int row, int[] pairs) {
        if (row >= rowTerms.length) {
            int capacity = Math.max(row + 1, rowTerms.length * 2);
            rowTerms = Arrays.copyOf(rowTerms, capacity);
            lengths = Arrays.copyOf(lengths, capacity);
        }
        int length = 0;
        for (int i = 0; i < pairs.length; i += 2) {
            postings.get(pairs[i]).add(row, pairs[i + 1]);
            length += pairs[i + 1];
        }
        rowTerms[row] = pairs;
        lengths[row] = length;
        totalLength += length;
        rows = row + 1;
        liveRows++;
    }

    void remove(int row) {
        int[] pairs = pairs(row);
        if (pairs == null) {
            return;
        }
        for (int i = 0; i < pairs.length; i += 2) {
            postings.get(pairs[i]).liveRows--;
        }
        totalLength -= lengths[row];
        liveRows--;
        rowTerms[row] = null;
    }

    /** The ids of the row's terms and their counts, in turn; null when the row is not indexed. Not to be changed. */
    int @Nullable [] pairs(int row) {
        return row < rows ? rowTerms[row] : null;
    }

    /** Takes over the terms of another table that a row still has; returns their ids here, by their ids there. */
    int[] takeTerms(PostingTable other) {
        int[] ids = new int[other.terms.size()];
        for (int id = 0; id < ids.length; id++) {
            ids[id] = other.postings.get(id).liveRows > 0 ? idOf(other.terms.get(id)) : -1;
        }
        return ids;
    }

    /** The same {@link #pairs} under other ids. */
    static int @Nullable [] renumbered(int @Nullable [] pairs, int[] ids) {
        if (pairs == null) {
            return null;
        }
        int[] renumbered = pairs.clone();
        for (int i = 0; i < pairs.length; i += 2) {
            renumbered[i] = ids[pairs[i]];
        }
        return renumbered;
    }

    /** All terms by id. */
    List<String> terms() {
        return terms;
    }

    int idOf(String term) {
        Integer known = termIds.get(term);
        if (known != null) {
            return known;
        }
        termIds.put(term, terms.size());
        terms.add(term);
        postings.add(new Postings());
        return terms.size() - 1;
    }

    /**
     * The {@code k} best rows that share a term with the query and that the predicate allows; a term asked for twice
     * counts twice.
     */
    Hits search(List<String> queryTerms, int k, IntPredicate allowed) {
        float[] scores = new float[rows];
        int[] touched = new int[Math.min(rows, 1024)];
        int count = 0;
        for (String term : queryTerms) {
            Integer id = termIds.get(term);
            if (id == null) {
                continue;
            }
            Postings list = postings.get(id);
            float idf = (float) Math.log(1 + (liveRows - list.liveRows + 0.5) / (list.liveRows + 0.5));
            for (int i = 0; i < list.size; i++) {
                int row = list.rows[i];
                if (scores[row] == 0) {
                    if (count == touched.length) {
                        touched = Arrays.copyOf(touched, Math.min(rows, count * 2));
                    }
                    touched[count++] = row;
                }
                scores[row] += idf * saturated(list.counts[i], lengths[row]);
            }
        }
        TopK best = new TopK(Math.min(k, count));
        for (int i = 0; i < count; i++) {
            int row = touched[i];
            if (rowTerms[row] != null && allowed.test(row)) {
                best.offer(row, scores[row]);
            }
        }
        return best.drain();
    }

    private float saturated(int frequency, int length) {
        double average = Math.max(1e-9, (double) totalLength / liveRows);
        return (float) (frequency / (frequency + k1 * (1 - b + b * length / average)));
    }
}
