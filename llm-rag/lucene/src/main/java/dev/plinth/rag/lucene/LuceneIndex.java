package dev.plinth.rag.lucene;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.HybridIndex;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.index.UnitVector;
import dev.plinth.rag.lucene.internal.GraphFormat;
import dev.plinth.rag.text.Analyzer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.jspecify.annotations.Nullable;

/**
 * Chunks, their vectors and their words in a directory, over Apache Lucene: for more than fits into memory, with nothing
 * to run beside the application.
 *
 * <pre>{@code
 * VectorStore.Stamp stamp = new VectorStore.Stamp("all-minilm-l6-v2-q", 384);
 * try (LuceneIndex index = LuceneIndex.builder(Path.of("index"), stamp).open()) {
 *     Ingestion.into(index, model).run(FolderConnector.of(Path.of("docs")));
 * }
 * }</pre>
 *
 * <p>Defaults: {@link Analyzer#english()}, BM25 with k1 = 0.9 and b = 0.4, graphs (HNSW) of 16 neighbours built over 100
 * candidates, of which four times as many vectors as are wanted are looked for.
 *
 * <p>Vector search is approximate, unless {@link Builder#exact} is set. A part of the index is searched exactly if no more
 * than 1,000 of its vectors pass the filter, or if it was not yet merged with others into one of 2,000, which is when a
 * graph is built. Vectors are kept, and given back, with length 1. They have at most 16,384
 * dimensions. In a query of more than 500 different words the 500 rarest count.
 *
 * <p>A write is one commit, on disk when the method returns, and found by every later search. Writers that wait at the
 * same time share a commit. A write that fails leaves nothing behind. It is its own ledger: what an ingestion remembers
 * is written as safely, into the same index.
 *
 * <p>{@link #write} makes a chunk found by its vector and by its words; {@link #add} by its words only, and leaves a
 * vector that the id has already.
 *
 * <p>One object writes to a directory at a time, in all processes; others open it with {@link Builder#openToRead}. The
 * directory is on a local disk: a lock on it is one of the operating system, and its files are mapped into memory. Merges
 * run on threads of Lucene. Lucene says in its log how its arithmetic becomes faster, with {@code --add-modules
 * jdk.incubator.vector} as a rule.
 *
 * <p>Thread-safe: any number of searches at once, also beside a write.
 */
public final class LuceneIndex implements HybridIndex, Ledger {
    private final Settings settings;
    private final Committed committed;
    private final @Nullable GroupWriter writer;

    LuceneIndex(Settings settings, Committed committed, @Nullable GroupWriter writer) {
        this.settings = settings;
        this.committed = committed;
        this.writer = writer;
    }

    /**
     * A builder for the index of this directory, over the vectors of one model.
     *
     * @param directory is created if it is not there
     */
    public static Builder builder(Path directory, VectorStore.Stamp stamp) {
        return new Builder(directory, stamp);
    }

    @Override
    public void write(List<Embedded> chunks, Collection<String> deleted) {
        Batch batch = new Batch();
        for (String id : Check.notNull(deleted, "deleted")) {
            batch.remove(Keys.chunk(Check.notNull(id, "deleted")));
        }
        int number = 0;
        for (Embedded one : Check.notNull(chunks, "chunks")) {
            float[] unit = unit(one.vector(), "chunks[" + number++ + "].vector");
            Document document = ChunkDocument.of(one.chunk(), settings.analyzer());
            batch.put(Keys.chunk(one.chunk().id()), ChunkDocument.withVector(document, unit));
        }
        write(batch);
    }

    @Override
    public void add(List<Chunk> chunks) {
        Batch batch = new Batch();
        for (Chunk chunk : Check.notNull(chunks, "chunks")) {
            batch.putBesideVector(Keys.chunk(chunk.id()), ChunkDocument.of(chunk, settings.analyzer()));
        }
        write(batch);
    }

    @Override
    public List<Match> search(VectorQuery query) {
        float[] unit = unit(query.vector(), "vector");
        return committed.read(searcher -> Searches.byVector(searcher, settings, unit, query));
    }

    @Override
    public List<Match> search(TextQuery query) {
        List<String> words = settings.analyzer().terms(query.text());
        return committed.read(searcher -> Searches.byWords(searcher, words, query));
    }

    /** Both searches, over the same state of the index. */
    @Override
    public Both search(VectorQuery vector, TextQuery text) {
        float[] unit = unit(vector.vector(), "vector");
        List<String> words = settings.analyzer().terms(text.text());
        return committed.read(searcher ->
                new Both(Searches.byVector(searcher, settings, unit, vector), Searches.byWords(searcher, words, text)));
    }

    @Override
    public List<Embedded> fetch(Collection<String> ids) {
        List<String> all = List.copyOf(Check.notNull(ids, "ids"));
        return committed.read(searcher -> Searches.fetch(searcher, all));
    }

    @Override
    public Page scan(@Nullable String cursor, int limit) {
        Check.positive(limit, "limit");
        return committed.read(searcher -> Searches.scan(searcher, cursor, limit));
    }

    @Override
    public long size() {
        return committed.read(Searches::size);
    }

    @Override
    public VectorStore.Stamp stamp() {
        return settings.stamp();
    }

    @Override
    public Map<String, Entry> find(String source, Collection<String> documentIds) {
        Check.notBlank(source, "source");
        List<String> all = List.copyOf(Check.notNull(documentIds, "documentIds"));
        return committed.read(searcher -> LedgerDocument.find(searcher, source, all));
    }

    @Override
    public Map<String, Entry> list(String source, @Nullable String after, int limit) {
        Check.notBlank(source, "source");
        Check.positive(limit, "limit");
        return committed.read(searcher -> LedgerDocument.list(searcher, source, after, limit));
    }

    @Override
    public void put(String source, Map<String, Entry> entries) {
        Check.notBlank(source, "source");
        Batch batch = new Batch();
        Check.notNull(entries, "entries").forEach((id, entry) -> {
            Check.notBlank(id, "documentId");
            batch.put(Keys.entry(source, id), LedgerDocument.of(source, id, Check.notNull(entry, "entry")));
        });
        write(batch);
    }

    @Override
    public void remove(String source, Collection<String> documentIds) {
        Check.notBlank(source, "source");
        Batch batch = new Batch();
        for (String id : Check.notNull(documentIds, "documentIds")) {
            batch.remove(Keys.entry(source, Check.notNull(id, "documentIds")));
        }
        write(batch);
    }

    @Override
    public Set<String> sources() {
        return committed.read(LedgerDocument::sources);
    }

    @Override
    public Optional<Checkpoint> checkpoint(String source) {
        Check.notBlank(source, "source");
        return committed.read(searcher -> LedgerDocument.checkpoint(searcher, source));
    }

    @Override
    public void checkpoint(String source, Checkpoint checkpoint) {
        Check.notBlank(source, "source");
        Batch batch = new Batch();
        batch.put(Keys.checkpoint(source), LedgerDocument.of(source, Check.notNull(checkpoint, "checkpoint")));
        write(batch);
    }

    /**
     * Waits for writes and merges that are under way, and closes the index. Every later call but this is refused with
     * {@link StoreException}.
     */
    @Override
    public void close() {
        try (committed) {
            if (writer != null) {
                writer.close();
            }
        } catch (IOException failure) {
            throw new StoreException(
                    "index: " + settings.directory() + " cannot be closed: " + failure, ErrorDetails.NONE, failure);
        }
    }

    private void write(Batch batch) {
        if (writer == null) {
            throw new StoreException("index: " + settings.directory() + " is open to read (expected: to write)");
        }
        writer.write(batch, committed);
    }

    private float[] unit(float[] vector, String name) {
        return UnitVector.of(vector, settings.stamp().dimensions(), name);
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final Path directory;
        private final VectorStore.Stamp stamp;
        private @Nullable String tenant;
        private Analyzer analyzer = Analyzer.english();
        private double k1 = 0.9;
        private double b = 0.4;
        private boolean exact;
        private int oversampling = 4;
        private int neighbours = 16;
        private int candidates = 100;

        private Builder(Path directory, VectorStore.Stamp stamp) {
            this.directory = Check.notNull(directory, "directory");
            this.stamp = Check.notNull(stamp, "stamp");
            Check.that(
                    stamp.dimensions() <= GraphFormat.MOST_DIMENSIONS,
                    "dimensions",
                    stamp.dimensions(),
                    "at most " + GraphFormat.MOST_DIMENSIONS);
        }

        /**
         * Whose index it is: each tenant has one of its own, in a folder below the directory, and one object to write to
         * it. Without a tenant the index is in the directory itself.
         */
        public Builder tenant(String tenant) {
            this.tenant = Check.notBlank(tenant, "tenant");
            return this;
        }

        /** How texts and queries become words. It stays the same as long as the index is there. */
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

        /** Compares a query with every vector: the very nearest are found, in time that grows with the index. */
        public Builder exact() {
            this.exact = true;
            return this;
        }

        /**
         * How many times as many vectors as are wanted are looked for in each graph: more of the very nearest are found,
         * in more time.
         *
         * @param times 1 to 100
         */
        public Builder oversampling(int times) {
            Check.within(times, 1, 100, "times");
            this.oversampling = times;
            return this;
        }

        /**
         * How graphs are built from now on: larger numbers find more of the very nearest, and take more time and space.
         *
         * @param neighbours of a vector, 4 to 512
         * @param candidates that are looked at for the neighbours, 10 to 3,200
         */
        public Builder graph(int neighbours, int candidates) {
            Check.within(neighbours, 4, 512, "neighbours");
            Check.within(candidates, 10, 3200, "candidates");
            this.neighbours = neighbours;
            this.candidates = candidates;
            return this;
        }

        /**
         * Opens the index to search and to write, and creates it if it is not there.
         *
         * @throws StoreException naming what is held and what was expected, if it is one of another model, analyzer or
         *     format; or if it is open for writing elsewhere, or cannot be read
         */
        public LuceneIndex open() {
            return Opening.toWrite(settings(), LuceneIndex::new);
        }

        /**
         * Opens an index that another object, in this process or another, may write to. Each reading looks for new
         * commits first, and so sees all that was written before. Writing is refused with {@link StoreException}.
         *
         * @throws StoreException as {@link #open} does, and if there is no index
         */
        public LuceneIndex openToRead() {
            return Opening.toRead(settings(), LuceneIndex::new);
        }

        Settings settings() {
            return new Settings(directory, stamp, tenant, analyzer, k1, b, exact, oversampling, neighbours, candidates);
        }
    }
}
