package dev.plinth.rag.pgvector;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.HybridIndex;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Chunks, their vectors and their words in PostgreSQL with pgvector, searched both ways in one statement, and what an
 * ingestion remembers of their documents: any number of processes may read and write it at once.
 *
 * <pre>{@code
 * PgVectorIndex index = PgVectorIndex.builder(dataSource, new VectorStore.Stamp("all-minilm-l6-v2-q", 384)).build();
 * }</pre>
 *
 * <p>Needs PostgreSQL 13 with pgvector 0.6, or newer, a database in UTF-8, and the driver on the class path. The data
 * source should be a pool of connections.
 *
 * <p><b>Vectors.</b> Approximate by an HNSW index, or exact: {@link #vectorScan} says which. What passes the filter is
 * taken before the best {@code k}: if the candidates of the HNSW index hold too few, all that pass are compared. From
 * pgvector 0.8 on, the scan of the index goes on by itself first. Scores are exact cosines in every mode. More than
 * {@value #MAX_HNSW} dimensions have an index in half precision from pgvector 0.7 on, more than {@value #MAX_HNSW_HALF}
 * none.
 *
 * <p><b>Words.</b> Full text search of PostgreSQL for any of the query's words, over the headings and the text; rare
 * words say more than common ones. Of a query of more than 500 words the first 500 that differ count.
 *
 * <p><b>Tenants.</b> Every statement names the tenant. Row security is a second wall, on by default as soon as a tenant
 * is named: without the setting {@code plinth.tenant} the tables are empty. It does not hold back superusers and roles
 * with {@code BYPASSRLS}. It has a price: PostgreSQL does not use the index over the words, or over the metadata, behind
 * it, so a search by words reads all chunks of the tenant.
 *
 * <p><b>Tables.</b> Made, and brought up to date, by Flyway when the index is opened, or by an administrator, see
 * {@link Builder#migrate}. An index of another model, number of dimensions, language or format is refused.
 *
 * <p>Thread-safe. Each call is one transaction on one connection; a write that meets a deadlock is tried again. The
 * deadline of the caller's context is a limit of each statement, unless the database has a shorter one. What the database
 * refuses is a {@link StoreException} with the {@link java.sql.SQLException} as its cause.
 */
public final class PgVectorIndex implements HybridIndex, Ledger {

    /** The most dimensions an HNSW index has. */
    public static final int MAX_HNSW = 2_000;

    /** The most dimensions an HNSW index in half precision has. */
    public static final int MAX_HNSW_HALF = 4_000;

    /** The most dimensions there can be. */
    public static final int MAX_DIMENSIONS = 16_000;

    private final Database database;
    private final VectorStore.Stamp stamp;
    private final ChunkTable table;
    private final Chunks chunks;
    private final Search search;
    private final Ledger ledger;

    private PgVectorIndex(Database database, IndexOptions options, int efSearch) {
        this.database = database;
        this.stamp = options.stamp();
        this.table = new Opening(database, options).open();
        this.chunks = new Chunks(database, table);
        this.search = new Search(database, table, efSearch);
        this.ledger = new DocumentLedger(database, options.names());
    }

    /**
     * A builder for an index of the vectors of one model.
     *
     * @param dataSource hands out connections that take part in no other transaction; stays the caller's, who closes it
     */
    public static Builder builder(DataSource dataSource, VectorStore.Stamp stamp) {
        return new Builder(Check.notNull(dataSource, "dataSource"), Check.notNull(stamp, "stamp"));
    }

    @Override
    public void write(List<Embedded> chunks, Collection<String> deleted) {
        this.chunks.write(Check.notNull(chunks, "chunks"), Check.notNull(deleted, "deleted"));
    }

    @Override
    public void add(List<Chunk> chunks) {
        this.chunks.add(Check.notNull(chunks, "chunks"));
    }

    @Override
    public List<Match> search(VectorQuery query) {
        return search.search(query, null).byVector();
    }

    @Override
    public List<Match> search(TextQuery query) {
        return search.search(null, query).byWords();
    }

    /** Both searches as one statement, in one round trip. */
    @Override
    public Both search(VectorQuery vector, TextQuery text) {
        return search.search(vector, text);
    }

    @Override
    public List<Embedded> fetch(Collection<String> ids) {
        return chunks.fetch(ids);
    }

    @Override
    public Page scan(@Nullable String cursor, int limit) {
        return chunks.scan(cursor, Check.positive(limit, "limit"));
    }

    @Override
    public long size() {
        return chunks.size();
    }

    @Override
    public VectorStore.Stamp stamp() {
        return stamp;
    }

    /** How vectors are searched. Who administers the database may add, rebuild or drop the HNSW index. */
    public VectorScan vectorScan() {
        return table.scan();
    }

    @Override
    public Map<String, Entry> find(String source, Collection<String> documentIds) {
        return ledger.find(source, documentIds);
    }

    @Override
    public Map<String, Entry> list(String source, @Nullable String after, int limit) {
        return ledger.list(source, after, limit);
    }

    @Override
    public void put(String source, Map<String, Entry> entries) {
        ledger.put(source, entries);
    }

    @Override
    public void remove(String source, Collection<String> documentIds) {
        ledger.remove(source, documentIds);
    }

    @Override
    public Set<String> sources() {
        return ledger.sources();
    }

    @Override
    public Optional<Checkpoint> checkpoint(String source) {
        return ledger.checkpoint(source);
    }

    @Override
    public void checkpoint(String source, Checkpoint checkpoint) {
        ledger.checkpoint(source, checkpoint);
    }

    /** Every later call but this is refused with {@link StoreException}. The data source stays open. */
    @Override
    public void close() {
        database.close();
    }

    /** Not thread-safe. */
    public static final class Builder {
        private static final Pattern LANGUAGE = Pattern.compile("[a-z][a-z0-9_]{0,59}");
        private static final int MAX_TENANT = 200;

        private final DataSource dataSource;
        private final VectorStore.Stamp stamp;
        private String schema = "plinth";
        private String name = "docs";
        private @Nullable String tenant;
        private String language = "english";
        private boolean exact;
        private int m = 16;
        private int efConstruction = 64;
        private int efSearch = 100;
        private @Nullable Boolean rowSecurity;
        private boolean migrate = true;

        private Builder(DataSource dataSource, VectorStore.Stamp stamp) {
            Check.that(stamp.dimensions() <= MAX_DIMENSIONS, "dimensions", stamp.dimensions(), "<= " + MAX_DIMENSIONS);
            this.dataSource = dataSource;
            this.stamp = stamp;
        }

        /** The schema of the tables, {@code plinth} by default: a to z, 0 to 9 and _, at most 40 characters. */
        public Builder schema(String schema) {
            this.schema = schema;
            return this;
        }

        /** What the index, and so its tables, is called, {@code docs} by default; as {@link #schema}. */
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /** Whose chunks and documents these are, at most {@value #MAX_TENANT} characters; {@code default} unless said. */
        public Builder tenant(String tenant) {
            Check.notBlank(tenant, "tenant");
            Check.that(tenant.length() <= MAX_TENANT, "tenant.length", tenant.length(), "<= " + MAX_TENANT);
            this.tenant = tenant;
            return this;
        }

        /** The text search configuration of PostgreSQL, {@code english} by default; {@code simple} for any language. */
        public Builder language(String configuration) {
            Check.notNull(configuration, "language");
            Check.that(LANGUAGE.matcher(configuration).matches(), "language", configuration, "a to z, 0 to 9 and _");
            this.language = configuration;
            return this;
        }

        /**
         * The HNSW index, if it is made now.
         *
         * @param m connections of a vector, 2 to 100; 16 by default
         * @param efConstruction candidates for them, twice {@code m} to 1,000; 64 by default
         */
        public Builder hnsw(int m, int efConstruction) {
            Check.that(m >= 2 && m <= 100, "m", m, "2 to 100");
            Check.that(
                    efConstruction >= 2 * m && efConstruction <= 1000,
                    "efConstruction",
                    efConstruction,
                    2 * m + " to 1000");
            this.m = m;
            this.efConstruction = efConstruction;
            return this;
        }

        /** The candidates a search by HNSW keeps, 1 to 1,000; 100 by default, and at least as many as are asked for. */
        public Builder efSearch(int candidates) {
            Check.that(candidates >= 1 && candidates <= 1000, "efSearch", candidates, "1 to 1000");
            this.efSearch = candidates;
            return this;
        }

        /** Makes no HNSW index: every search compares all that pass its filter. */
        public Builder exact() {
            this.exact = true;
            return this;
        }

        /**
         * Whether row security is asked for; yes by default if a tenant is named. Once on, it stays on for everyone who
         * opens the index.
         */
        public Builder rowSecurity(boolean on) {
            this.rowSecurity = on;
            return this;
        }

        /** Whether missing tables are made; yes by default. If not, {@link #script} is what has to be run before. */
        public Builder migrate(boolean allowed) {
            this.migrate = allowed;
            return this;
        }

        /**
         * The statements that make the tables, for the {@code psql} of an administrator. Needs no database. The role of
         * the application then needs {@code USAGE} on the schema, and to select, insert, update and delete in the tables.
         */
        public String script() {
            return new Migration(options(), Extension.NEWEST).script();
        }

        /**
         * Opens the index, and makes it if it is new.
         *
         * @throws StoreException if the database cannot be reached or lacks pgvector, or if the index is of another model,
         *     number of dimensions or language
         */
        public PgVectorIndex build() {
            IndexOptions options = options();
            String whose = tenant == null ? "default" : tenant;
            return new PgVectorIndex(new Database(dataSource, options.names().chunks(), whose), options, efSearch);
        }

        private IndexOptions options() {
            boolean secured = rowSecurity == null ? tenant != null : rowSecurity;
            return new IndexOptions(
                    new Names(schema, name), stamp, language, exact, m, efConstruction, secured, migrate);
        }
    }
}
