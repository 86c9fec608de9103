package dev.plinth.rag.index;

import dev.plinth.api.check.Check;
import dev.plinth.api.context.Cancellation;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.HybridIndex;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.text.Analyzer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Chunks, their vectors and their words in memory, searched both ways, and kept in one file if wanted.
 *
 * <pre>{@code
 * InMemoryIndex index = InMemoryIndex.builder(new VectorStore.Stamp("all-minilm-l6-v2-q", 384)).build();
 * index.upsert(chunksWithVectors);
 * index.save(Path.of("docs.idx"));
 * }</pre>
 *
 * <p>Defaults: {@link ScanMode#AUTO} with a target recall of 0.97, {@link Analyzer#english()}, BM25 with k1 = 0.9 and b
 * = 0.4.
 *
 * <p>Vector search is exact up to 4,095 vectors. Above that {@code AUTO} measures, whenever the store has doubled,
 * whether sign codes with exact rescoring reach the target recall, uses them if so, and stays exact if not;
 * {@link #scanStatus} says which and why. Scores are exact cosines in every mode. Chunks of equal score come in the
 * order they were added.
 *
 * <p>It is its own ledger: what an ingestion remembers is saved in the same file, so that both are always of one moment.
 *
 * <p>{@link #upsert} makes a chunk found by its vector and by its words; {@link #add} by its words only, and leaves a
 * vector that the id has already. Memory: the vectors (4 bytes a number), 1/32 of that for codes, the texts, and about
 * 16 bytes for each different word of a chunk; {@link Builder#mapped} takes the vectors off the heap.
 *
 * <p>Thread-safe: any number of searches at once, none beside a write. A write that measures (about a second for
 * 100,000 vectors) keeps searches waiting as long.
 */
public final class InMemoryIndex implements HybridIndex, Ledger {
    private final IndexSettings settings;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private IndexState state;
    private boolean closed;

    private InMemoryIndex(IndexSettings settings, IndexState state) {
        this.settings = settings;
        this.state = state;
    }

    /** A builder for an index of the vectors of one model. */
    public static Builder builder(VectorStore.Stamp stamp) {
        return new Builder(Check.notNull(stamp, "stamp"));
    }

    /**
     * A builder for an index of the vectors of this model. A model that does not know its dimensions is asked to embed
     * one word.
     */
    public static Builder forModel(EmbeddingModel model) {
        return builder(VectorStore.Stamp.of(model));
    }

    @Override
    public void write(List<Embedded> chunks, Collection<String> deleted) {
        List<float[]> units = units(chunks);
        List<String> all = List.copyOf(Check.notNull(deleted, "deleted"));
        write(() -> {
            state.reserve(units.size());
            all.forEach(state::delete);
            for (int i = 0; i < units.size(); i++) {
                state.put(chunks.get(i).chunk(), units.get(i));
            }
        });
    }

    @Override
    public void add(List<Chunk> chunks) {
        List<Chunk> all = List.copyOf(Check.notNull(chunks, "chunks"));
        write(() -> {
            state.reserve(all.size());
            all.forEach(chunk -> state.put(chunk, (float[]) null));
        });
    }

    @Override
    public List<Match> search(VectorQuery query) {
        float[] unit = UnitVector.padded(query.vector(), settings.stamp().dimensions(), "vector");
        Cancellation.check();
        return read(() -> {
            RowSet allowed =
                    state.vectorRows(query.filter() instanceof Filter.All ? null : row -> passes(row, query.filter()));
            return matches(state.vectors().search(unit, query.k(), allowed), 1);
        });
    }

    @Override
    public List<Match> search(TextQuery query) {
        Cancellation.check();
        List<String> terms = settings.analyzer().terms(query.text());
        return read(() -> matches(
                state.postings().search(terms, query.k(), row -> passes(row, query.filter())), Double.MAX_VALUE));
    }

    @Override
    public List<Embedded> fetch(Collection<String> ids) {
        List<String> all = List.copyOf(Check.notNull(ids, "ids"));
        return read(() -> all.stream()
                .distinct()
                .flatMap(id -> state.embedded(id).stream())
                .toList());
    }

    @Override
    public Page scan(@Nullable String cursor, int limit) {
        Check.positive(limit, "limit");
        return read(() -> state.scan(cursor, limit));
    }

    @Override
    public long size() {
        return read(() -> (long) state.size());
    }

    @Override
    public VectorStore.Stamp stamp() {
        return settings.stamp();
    }

    @Override
    public Map<String, Entry> find(String source, Collection<String> documentIds) {
        List<String> all = List.copyOf(Check.notNull(documentIds, "documentIds"));
        return read(() -> state.ledger().find(source, all));
    }

    @Override
    public Map<String, Entry> list(String source, @Nullable String after, int limit) {
        Check.positive(limit, "limit");
        return read(() -> state.ledger().list(source, after, limit));
    }

    @Override
    public void put(String source, Map<String, Entry> entries) {
        Map<String, Entry> all = Map.copyOf(Check.notNull(entries, "entries"));
        write(() -> state.ledger().put(source, all));
    }

    @Override
    public void remove(String source, Collection<String> documentIds) {
        List<String> all = List.copyOf(Check.notNull(documentIds, "documentIds"));
        write(() -> state.ledger().remove(source, all));
    }

    @Override
    public Set<String> sources() {
        return read(() -> state.ledger().sources());
    }

    @Override
    public Optional<Checkpoint> checkpoint(String source) {
        return read(() -> Optional.ofNullable(state.ledger().checkpoints().get(source)));
    }

    @Override
    public void checkpoint(String source, Checkpoint checkpoint) {
        Check.notBlank(source, "source");
        Check.notNull(checkpoint, "checkpoint");
        write(() -> state.ledger().checkpoints().put(source, checkpoint));
    }

    /** How vectors are searched now, and the recall that was measured. */
    public ScanStatus scanStatus() {
        return read(() -> state.vectors().status());
    }

    /**
     * Measures the recall of sign codes on what the index holds now, as otherwise happens after growth. Does nothing in
     * {@link ScanMode#EXACT}.
     */
    public void measureRecall() {
        write(() -> state.vectors().measure());
    }

    /**
     * Writes the whole index to a file: first to a new one beside it, then by an atomic rename, so the file holds the
     * old or the new index at any time. Searches go on meanwhile; another process that writes the same file is waited
     * for, by the lock of a file beside it, which stays.
     *
     * @throws StoreException if the file cannot be written; the old one is untouched then
     */
    public void save(Path file) {
        Check.notNull(file, "file");
        read(() -> {
            IndexFile.write(file, settings, state);
            return file;
        });
    }

    /** Drops the content; nothing is written. Every later call but this is refused with {@link StoreException}. */
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                state.vectors().close();
                state = new IndexState(settings.onHeap());
            }
            closed = true;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private List<float[]> units(List<Embedded> chunks) {
        Check.notNull(chunks, "chunks");
        List<float[]> units = new ArrayList<>(chunks.size());
        for (int i = 0; i < chunks.size(); i++) {
            units.add(UnitVector.padded(
                    chunks.get(i).vector(), settings.stamp().dimensions(), "chunks[" + i + "].vector"));
        }
        return units;
    }

    private boolean passes(int row, Filter filter) {
        return filter.matches(state.chunk(row).metadata());
    }

    /** Cosines are held to 1: the rounding of floats can lead a little above. */
    private List<Match> matches(Hits hits, double highest) {
        List<Match> matches = new ArrayList<>(hits.size());
        for (int i = 0; i < hits.size(); i++) {
            matches.add(
                    new Match(state.chunk(hits.rows()[i]), Math.min(highest, Math.max(-highest, hits.scores()[i]))));
        }
        return matches;
    }

    private <T> T read(Supplier<T> work) {
        return locked(lock.readLock(), work);
    }

    private void write(Runnable work) {
        locked(lock.writeLock(), () -> {
            work.run();
            state.settle();
            return state;
        });
    }

    private <T> T locked(Lock side, Supplier<T> work) {
        side.lock();
        try {
            if (closed) {
                throw new StoreException("index: closed (expected: open)");
            }
            return work.get();
        } finally {
            side.unlock();
        }
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final VectorStore.Stamp stamp;
        private ScanMode scanMode = ScanMode.AUTO;
        private double targetRecall = 0.97;
        private Analyzer analyzer = Analyzer.english();
        private double k1 = 0.9;
        private double b = 0.4;
        private @Nullable Path mappedFolder;

        private Builder(VectorStore.Stamp stamp) {
            this.stamp = stamp;
        }

        /** How vectors are searched. */
        public Builder scanMode(ScanMode mode) {
            this.scanMode = Check.notNull(mode, "scanMode");
            return this;
        }

        /**
         * The share of the exact ten nearest that {@link ScanMode#AUTO} must find, 0 to 1, by the 95 % lower bound of
         * the measurement.
         */
        public Builder targetRecall(double recall) {
            this.targetRecall = Check.within(recall, 0, 1, "targetRecall");
            return this;
        }

        /** How texts and queries become words. */
        public Builder analyzer(Analyzer analyzer) {
            this.analyzer = Check.notNull(analyzer, "analyzer");
            return this;
        }

        /**
         * The parameters of BM25.
         *
         * @param k1 how slowly repeated words saturate, 0 or more
         * @param b how much long texts are held back, 0 to 1
         */
        public Builder bm25(double k1, double b) {
            this.k1 = Check.within(k1, 0, 1000, "k1");
            this.b = Check.within(b, 0, 1, "b");
            return this;
        }

        /**
         * Keeps the vectors in a file that is mapped into memory, so that they take no heap: for indexes of more vectors
         * than fit. The file is working memory and is gone when the index is closed; what is to stay is saved by
         * {@link InMemoryIndex#save}. An exact scan is slower than on the heap.
         *
         * @param folder for the file; is made if need be
         */
        public Builder mapped(Path folder) {
            this.mappedFolder = Check.notNull(folder, "folder");
            return this;
        }

        /** An empty index. */
        public InMemoryIndex build() {
            IndexSettings settings = settings();
            return new InMemoryIndex(settings, new IndexState(settings));
        }

        /**
         * The index that {@link InMemoryIndex#save} wrote. Words counted by an analyzer of another name are counted
         * anew.
         *
         * @throws StoreException naming what is wrong, if the file is missing, cut short, damaged, of another format or
         *     version, or holds vectors of another model
         */
        public InMemoryIndex load(Path file) {
            IndexSettings settings = settings();
            IndexState state = IndexFile.read(Check.notNull(file, "file"), settings);
            state.settle();
            return new InMemoryIndex(settings, state);
        }

        /** The index of this file if there is one, as {@link #load} gives it, else an empty one. */
        public InMemoryIndex loadIfExists(Path file) {
            return Files.exists(Check.notNull(file, "file")) ? load(file) : build();
        }

        private IndexSettings settings() {
            return new IndexSettings(stamp, scanMode, targetRecall, analyzer, k1, b, mappedFolder);
        }
    }
}
