package dev.plinth.rag.solr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import dev.plinth.rag.index.DocumentKeys;
import dev.plinth.rag.index.UnitVector;
import dev.plinth.rag.rest.RestClient;
import dev.plinth.rag.text.SearchText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Chunks, their vectors and their words in a collection of Apache Solr, over as many shards, replicas and nodes as it has,
 * and what an ingestion remembers of their documents: any number of processes may read and write it at once.
 *
 * <pre>{@code
 * RestClient servers = RestClient.builder(URI.create("http://search-1:8983/solr"), URI.create("http://search-2:8983/solr"))
 *         .build();
 * SolrIndex index = SolrIndex.builder(servers, "docs", new VectorStore.Stamp("all-minilm-l6-v2-q", 384)).open();
 * }</pre>
 *
 * <p>Needs Solr 9.4 or newer, in cloud mode to make the collection. Tried with 9.10.1.
 *
 * <p><b>Vectors.</b> Approximate, by an HNSW graph in each segment, over which the filter is laid before the best are
 * taken; each shard looks for four times as many as are wanted. Vectors are kept, and given back, with length 1.
 *
 * <p><b>Words.</b> BM25 with k1 = 0.9 and b = 0.4 over the headings and the text, for any of the query's words, none of
 * which is a command; each shard weighs words by what it holds itself, unless the collection is configured otherwise. Of a
 * query of more than 500 words the first 500 that differ count.
 *
 * <p><b>Filters.</b> Numbers and texts are compared exactly. A comparison by order walks through the different values of
 * the field in between; a text to be ordered by has at most 1,333 characters, or is refused with
 * {@link IllegalArgumentException}.
 *
 * <p><b>Writes.</b> Solr has no transaction over several documents. {@link #write} puts in and makes that visible, on all
 * shards, before it takes out: a reader may see both for a moment, never neither, and who opens the index after a failure
 * may find a part of what was to be put in, or the old beside the new. The next run of an ingestion puts that right. Every
 * write ends with a soft commit, so that all later searches find it, and is in the transaction logs of the replicas that
 * are up; when these become segments is what the collection's {@code autoCommit} says. Few large writes are much faster
 * than many small ones.
 *
 * <p><b>Ledger.</b> In the same collection. Entries are written one by one as well: of a {@link #put} that fails, some may
 * be there. That is enough for an ingestion, of which every document stands for itself. A source has a name of at most
 * 1,000 characters.
 *
 * <p><b>Tenants</b> share the collection; every call names its own.
 *
 * <p>Thread-safe. What Solr refuses, or cannot be reached for, is a {@link StoreException}; refused credentials are an
 * {@link dev.plinth.api.error.AuthenticationException}.
 */
public final class SolrIndex implements HybridIndex, Ledger {
    private static final int MOST_WORDS = 500;
    private static final int MOST_CANDIDATES = 1_000_000;
    private static final int FETCHED = 1_000;

    private final Settings settings;
    private final SolrCollection collection;
    private final DocumentKeys chunks;
    private final Ledger ledger;

    private SolrIndex(Settings settings, SolrCollection collection) {
        this.settings = settings;
        this.collection = collection;
        this.chunks = DocumentKeys.chunks(settings.tenant());
        this.ledger = new SolrLedger(collection, settings.tenant());
    }

    /**
     * A builder for an index of the vectors of one model.
     *
     * @param servers of the cluster, with the path, which is {@code /solr} as a rule
     * @param collection letters, digits, {@code _} and {@code -}
     */
    public static Builder builder(RestClient servers, String collection, VectorStore.Stamp stamp) {
        return new Builder(servers, collection, stamp);
    }

    @Override
    public void write(List<Embedded> chunks, Collection<String> deleted) {
        Map<String, ObjectNode> documents = new LinkedHashMap<>();
        int number = 0;
        for (Embedded one : Check.notNull(chunks, "chunks")) {
            float[] unit = unit(one.vector(), "chunks[" + number++ + "].vector");
            documents.put(id(one.chunk().id()), ChunkDocument.of(this.chunks, one.chunk(), unit));
        }
        Set<String> gone = new LinkedHashSet<>();
        for (String id : Check.notNull(deleted, "deleted")) {
            gone.add(id(Check.notNull(id, "deleted")));
        }
        gone.removeAll(documents.keySet());
        collection.put(List.copyOf(documents.values()));
        collection.delete(gone);
    }

    @Override
    public void add(List<Chunk> chunks) {
        Map<String, ObjectNode> documents = new LinkedHashMap<>();
        for (Chunk chunk : Check.notNull(chunks, "chunks")) {
            documents.put(id(chunk.id()), ChunkDocument.change(this.chunks, chunk));
        }
        collection.put(List.copyOf(documents.values()));
    }

    @Override
    public List<Match> search(VectorQuery query) {
        float[] unit = unit(query.vector(), "vector");
        ObjectNode search = all().put("limit", query.k());
        search.putObject("query")
                .putObject("knn")
                .put("f", Fields.VECTOR)
                .put("topK", Math.max(query.k(), (int)
                        Math.min(MOST_CANDIDATES, (long) query.k() * settings.oversampling())))
                .put("query", Json.vector(unit).toString());
        search.withArrayProperty("filter").add(FilterJson.of(query.filter()));
        return matches(search, score -> Math.max(-1, Math.min(1, 2 * score.doubleValue() - 1)));
    }

    @Override
    public List<Match> search(TextQuery query) {
        String words = SearchText.query(query.text(), MOST_WORDS);
        if (words.trim().equals("*")) { // the one word that is a command even so; Solr trims control characters too
            return List.of();
        }
        ObjectNode search = all().put("limit", query.k());
        search.putObject("query")
                .putObject("simple")
                .put("qf", Fields.WORDS)
                .put("q.operators", "WHITESPACE")
                .put("query", words);
        search.withArrayProperty("filter").add(FilterJson.of(query.filter()));
        return matches(search, JsonNode::doubleValue);
    }

    private List<Match> matches(ObjectNode search, ToDoubleFunction<JsonNode> score) {
        search.withArrayProperty("fields").add("score").add(Fields.CONTENT);
        List<Match> matches = new ArrayList<>();
        for (JsonNode document : collection.documents(search)) {
            matches.add(new Match(ChunkDocument.chunk(document), score.applyAsDouble(document.path("score"))));
        }
        return matches;
    }

    @Override
    public List<Embedded> fetch(Collection<String> ids) {
        List<String> keys = ids.stream().map(this::id).distinct().toList();
        List<Embedded> found = new ArrayList<>();
        for (int start = 0; start < keys.size(); start += FETCHED) {
            List<String> some = keys.subList(start, Math.min(keys.size(), start + FETCHED));
            ObjectNode search = embedded().put("limit", some.size());
            search.withArrayProperty("filter").add(FilterJson.terms(Fields.ID, some));
            collection.documents(search).forEach(document -> found.add(ChunkDocument.embedded(document)));
        }
        return found;
    }

    @Override
    public Page scan(@Nullable String cursor, int limit) {
        ObjectNode search =
                embedded().put("limit", Check.positive(limit, "limit")).put("sort", Fields.ID + " asc");
        search.putObject("params").put("cursorMark", cursor == null ? "*" : cursor);
        JsonNode answer = collection.search(search);
        List<Embedded> found = new ArrayList<>();
        answer.at("/response/docs").forEach(document -> found.add(ChunkDocument.embedded(document)));
        return new Page(
                found,
                found.size() < limit ? null : answer.path("nextCursorMark").asText());
    }

    @Override
    public long size() {
        return collection.search(all().put("limit", 0)).at("/response/numFound").asLong();
    }

    private ObjectNode all() {
        ObjectNode search = Json.object().put("query", "*:*");
        search.putArray("filter").add(FilterJson.terms(Fields.OWNER, List.of(chunks.owner())));
        return search;
    }

    private ObjectNode embedded() {
        ObjectNode search = all();
        search.withArrayProperty("filter").add(FilterJson.terms(Fields.EMBEDDED, List.of("yes")));
        search.putArray("fields").add(Fields.CONTENT).add(Fields.VECTOR);
        return search;
    }

    private String id(String chunkId) {
        return chunks.of(chunkId);
    }

    private float[] unit(float[] vector, String name) {
        return UnitVector.of(vector, settings.stamp().dimensions(), name);
    }

    @Override
    public VectorStore.Stamp stamp() {
        return settings.stamp();
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

    /** Every later call but this is refused with {@link StoreException}. */
    @Override
    public void close() {
        collection.close();
    }

    /** Not thread-safe. */
    public static final class Builder {
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,199}");
        private static final Pattern LANGUAGE = Pattern.compile("[a-z][a-z0-9]{0,30}");

        private final RestClient servers;
        private final String collection;
        private final VectorStore.Stamp stamp;
        private String tenant = "";
        private String language = "english";
        private int shards = 1;
        private int replicas = 1;
        private String configSet = "";
        private int neighbours = 16;
        private int candidates = 100;
        private int oversampling = 4;
        private boolean migrate = true;

        private Builder(RestClient servers, String collection, VectorStore.Stamp stamp) {
            this.servers = Check.notNull(servers, "servers");
            this.collection = name(collection, "collection");
            this.stamp = Check.notNull(stamp, "stamp");
        }

        private static String name(String name, String what) {
            Check.notNull(name, what);
            Check.that(NAME.matcher(name).matches(), what, name, "letters, digits, _ and -");
            return name;
        }

        /** Whose chunks and documents these are, at most 200 characters; nobody's in particular unless said. */
        public Builder tenant(String tenant) {
            Check.notBlank(tenant, "tenant");
            Check.that(tenant.length() <= 200, "tenant.length", tenant.length(), "<= 200");
            this.tenant = tenant;
            return this;
        }

        /**
         * The language whose words are stemmed, {@code english} by default: one that the Snowball stemmers of Solr know;
         * {@code simple} for any, unstemmed. It stays the same as long as the collection is there.
         */
        public Builder language(String language) {
            Check.notNull(language, "language");
            Check.that(LANGUAGE.matcher(language).matches(), "language", language, "a to z and 0 to 9");
            this.language = language;
            return this;
        }

        /** Into how many parts the collection is cut, if it is made now; one by default. */
        public Builder shards(int shards) {
            this.shards = Check.positive(shards, "shards");
            return this;
        }

        /** On how many nodes each part is, if the collection is made now; one by default. */
        public Builder replicas(int replicas) {
            this.replicas = Check.positive(replicas, "replicas");
            return this;
        }

        /**
         * The config set of the collection, if it is made now: one that no other collection uses, since fields are added
         * to it. A copy of {@code _default} unless said.
         */
        public Builder configSet(String name) {
            this.configSet = name(name, "configSet");
            return this;
        }

        /**
         * How graphs are built, if the collection is made now: larger numbers find more of the very nearest, and take more
         * time and space.
         *
         * @param neighbours of a vector, 4 to 512; 16 by default
         * @param candidates that are looked at for the neighbours, 10 to 3,200; 100 by default
         */
        public Builder graph(int neighbours, int candidates) {
            Check.within(neighbours, 4, 512, "neighbours");
            Check.within(candidates, 10, 3200, "candidates");
            this.neighbours = neighbours;
            this.candidates = candidates;
            return this;
        }

        /**
         * How many times as many vectors as are wanted are looked for on each shard, 1 to 100: more of the very nearest are
         * found, in more time.
         */
        public Builder oversampling(int times) {
            Check.within(times, 1, 100, "times");
            this.oversampling = times;
            return this;
        }

        /**
         * Whether a missing collection and missing fields are made; yes by default. If not, {@link #script} is what has to
         * be sent before; the collection may then be a core of a single node, too.
         */
        public Builder migrate(boolean allowed) {
            this.migrate = allowed;
            return this;
        }

        /**
         * The types and fields as JSON, for an administrator to send to {@code /solr/<collection>/schema} with POST. Needs
         * no server.
         */
        public String script() {
            return settings().schema().all().toPrettyString();
        }

        /**
         * Opens the index, and makes it if it is new.
         *
         * @throws StoreException if no server can be reached, or the collection is of another model, number of dimensions,
         *     language or format, or cannot be made
         */
        public SolrIndex open() {
            Settings settings = settings();
            SolrCollection opened = new SolrCollection(servers, collection);
            new Opening(opened, settings).open();
            return new SolrIndex(settings, opened);
        }

        private Settings settings() {
            return new Settings(
                    stamp,
                    tenant,
                    language,
                    shards,
                    replicas,
                    configSet,
                    neighbours,
                    candidates,
                    oversampling,
                    migrate);
        }
    }
}
