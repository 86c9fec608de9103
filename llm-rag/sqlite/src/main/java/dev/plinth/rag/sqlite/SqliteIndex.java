package dev.plinth.rag.sqlite;

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
import dev.plinth.rag.text.Analyzer;
import dev.plinth.rag.text.SearchText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chunks, their vectors and their words in one SQLite file: for a desktop or a small server, where several processes may
 * read and write and the file is backed up or handed on like any other.
 *
 * <pre>{@code
 * VectorStore.Stamp stamp = new VectorStore.Stamp("all-minilm-l6-v2-q", 384);
 * try (SqliteIndex index = SqliteIndex.builder(Path.of("docs.db"), stamp).open()) {
 *     Ingestion.into(index, model).run(FolderConnector.of(Path.of("docs")));
 * }
 * }</pre>
 *
 * <p>Vector search is exact: a query is compared with every vector that passes the filter, in time that grows with their
 * number. The cosines are counted in Java, or, several times as fast, by the library of
 * <a href="https://github.com/asg017/sqlite-vec">sqlite-vec</a> where {@link Builder#vectorExtension} names it. Words are
 * counted by FTS5, with BM25 of k1 = 1.2 and b = 0.75 and {@link Analyzer#english()} by default. Vectors are kept, and
 * given back, with length 1. Of a query of more than 500 words the first 500 that differ count.
 *
 * <p>A write is one transaction, on disk when the method returns, and found by every later search. One writes at a time;
 * others, in other processes too, wait up to a minute. Beside the file are two more while it is open ({@code -wal} and
 * {@code -shm}), so it is on a local disk. It is its own ledger: what an ingestion remembers is written as safely, into
 * the same file.
 *
 * <p>{@link #write} makes a chunk found by its vector and by its words; {@link #add} by its words only, and leaves a
 * vector that the id has already.
 *
 * <p>Thread-safe: any number of searches at once, also beside a write. What reads ends when its thread is interrupted or
 * the deadline of its context passes. The driver loads native code: JDK 24 and newer warn
 * of it without {@code --enable-native-access}.
 */
public final class SqliteIndex implements HybridIndex, Ledger {
    private static final int MOST_WORDS = 500;

    private final Settings settings;
    private final Connections connections;
    private final Tables tables;

    private SqliteIndex(Settings settings, Connections connections, Tables tables) {
        this.settings = settings;
        this.connections = connections;
        this.tables = tables;
    }

    /**
     * A builder for the index in this file, over the vectors of one model.
     *
     * @param file is created if it is not there, with its folder
     */
    public static Builder builder(Path file, VectorStore.Stamp stamp) {
        return new Builder(file, stamp);
    }

    @Override
    public void write(List<Embedded> chunks, Collection<String> deleted) {
        List<String> gone = List.copyOf(Check.notNull(deleted, "deleted"));
        List<float[]> units = new ArrayList<>();
        for (Embedded one : Check.notNull(chunks, "chunks")) {
            units.add(unit(one.vector(), "chunks[" + units.size() + "].vector"));
        }
        writeChunks(writer -> {
            for (String id : gone) {
                writer.remove(id);
            }
            for (int i = 0; i < units.size(); i++) {
                writer.put(chunks.get(i).chunk(), units.get(i));
            }
        });
    }

    @Override
    public void add(List<Chunk> chunks) {
        List<Chunk> all = List.copyOf(Check.notNull(chunks, "chunks"));
        writeChunks(writer -> {
            for (Chunk chunk : all) {
                writer.put(chunk, null);
            }
        });
    }

    private interface Writing {
        void with(ChunkWriter writer) throws SQLException;
    }

    private void writeChunks(Writing writing) {
        connections.write(connection -> {
            try (ChunkWriter writer = new ChunkWriter(connection, tables, settings.analyzer())) {
                writing.with(writer);
            }
            return tables;
        });
    }

    @Override
    public List<Match> search(VectorQuery query) {
        float[] unit = unit(query.vector(), "vector");
        return connections.read(connection -> byVector(new ChunkReader(connection, tables), unit, query));
    }

    @Override
    public List<Match> search(TextQuery query) {
        List<String> words = words(query);
        return connections.read(connection -> new ChunkReader(connection, tables).byWords(words, query));
    }

    /** Both searches, over the same state of the index. */
    @Override
    public Both search(VectorQuery vector, TextQuery text) {
        float[] unit = unit(vector.vector(), "vector");
        List<String> words = words(text);
        return connections.read(connection -> {
            ChunkReader reader = new ChunkReader(connection, tables);
            return new Both(byVector(reader, unit, vector), reader.byWords(words, text));
        });
    }

    private List<String> words(TextQuery query) {
        return settings.analyzer().terms(SearchText.query(query.text(), MOST_WORDS));
    }

    private List<Match> byVector(ChunkReader reader, float[] unit, VectorQuery query) throws SQLException {
        return reader.byVector(unit, query, settings.extension() == null ? Cosine.IN_JAVA : Cosine.BY_EXTENSION);
    }

    @Override
    public List<Embedded> fetch(Collection<String> ids) {
        List<String> all = List.copyOf(Check.notNull(ids, "ids"));
        return connections.read(connection -> new ChunkReader(connection, tables).fetch(all));
    }

    @Override
    public Page scan(@Nullable String cursor, int limit) {
        Check.positive(limit, "limit");
        return connections.read(connection -> new ChunkReader(connection, tables).scan(cursor, limit));
    }

    @Override
    public long size() {
        return connections.read(connection -> new ChunkReader(connection, tables).size());
    }

    @Override
    public VectorStore.Stamp stamp() {
        return settings.stamp();
    }

    @Override
    public Map<String, Entry> find(String source, Collection<String> documentIds) {
        Check.notBlank(source, "source");
        List<String> all = List.copyOf(Check.notNull(documentIds, "documentIds"));
        return connections.read(connection -> new LedgerRows(connection, tables).find(source, all));
    }

    @Override
    public Map<String, Entry> list(String source, @Nullable String after, int limit) {
        Check.notBlank(source, "source");
        Check.positive(limit, "limit");
        return connections.read(connection -> new LedgerRows(connection, tables).list(source, after, limit));
    }

    @Override
    public void put(String source, Map<String, Entry> entries) {
        Check.notBlank(source, "source");
        Map<String, Entry> all = Map.copyOf(Check.notNull(entries, "entries"));
        all.keySet().forEach(id -> Check.notBlank(id, "documentId"));
        connections.write(connection -> {
            new LedgerRows(connection, tables).put(source, all);
            return all;
        });
    }

    @Override
    public void remove(String source, Collection<String> documentIds) {
        Check.notBlank(source, "source");
        List<String> all = List.copyOf(Check.notNull(documentIds, "documentIds"));
        connections.write(connection -> {
            new LedgerRows(connection, tables).remove(source, all);
            return all;
        });
    }

    @Override
    public Set<String> sources() {
        return connections.read(connection -> new LedgerRows(connection, tables).sources());
    }

    @Override
    public Optional<Checkpoint> checkpoint(String source) {
        Check.notBlank(source, "source");
        return connections.read(connection -> new LedgerRows(connection, tables).checkpoint(source));
    }

    @Override
    public void checkpoint(String source, Checkpoint checkpoint) {
        Check.notBlank(source, "source");
        Check.notNull(checkpoint, "checkpoint");
        connections.write(connection -> {
            new LedgerRows(connection, tables).checkpoint(source, checkpoint);
            return checkpoint;
        });
    }

    /**
     * Waits for a write that is under way, and closes the file. Every later call but this is refused with
     * {@link StoreException}.
     */
    @Override
    public void close() {
        connections.close();
    }

    private float[] unit(float[] vector, String name) {
        return UnitVector.of(vector, settings.stamp().dimensions(), name);
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final Path file;
        private final VectorStore.Stamp stamp;
        private String tenant = "";
        private Analyzer analyzer = Analyzer.english();
        private @Nullable Path extension;

        private Builder(Path file, VectorStore.Stamp stamp) {
            this.file = Check.notNull(file, "file");
            this.stamp = Check.notNull(stamp, "stamp");
        }

        /** Whose index it is: each tenant has tables of its own in the file, and so have those without a tenant. */
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
         * The library of sqlite-vec, 0.1, that counts cosines: {@code vec0.so}, {@code vec0.dylib} or {@code vec0.dll}. It
         * is native code, so it comes from where you trust it.
         */
        public Builder vectorExtension(Path library) {
            this.extension = Check.notNull(library, "library");
            return this;
        }

        /**
         * Opens the index, and creates it if it is not there.
         *
         * @throws StoreException naming what is held and what was expected, if it is one of another model, analyzer or
         *     format, or a database of something else; or if it cannot be read, or the extension not be loaded
         */
        public SqliteIndex open() {
            Settings settings = new Settings(file, stamp, tenant, analyzer, extension);
            Connections connections = new Connections(file, extension);
            Tables tables = null;
            try {
                Files.createDirectories(file.toAbsolutePath().getParent());
                tables = connections.write(connection -> Tables.open(settings, connection));
                return new SqliteIndex(settings, connections, tables);
            } catch (IOException failure) {
                throw new StoreException(
                        "index: " + file + " cannot be created: " + failure, ErrorDetails.NONE, failure);
            } finally {
                if (tables == null) {
                    connections.close();
                }
            }
        }
    }
}
