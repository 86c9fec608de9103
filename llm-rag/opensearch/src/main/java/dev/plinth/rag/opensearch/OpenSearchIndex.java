package dev.plinth.rag.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
 * Chunks, their vectors and their words in an index of OpenSearch with its k-NN plugin, over its REST interface, and what
 * an ingestion remembers of their documents: any number of processes may read and write it at once.
 *
 * <pre>{@code
 * RestClient servers = RestClient.builder(URI.create("https://search-1:9200"), URI.create("https://search-2:9200"))
 *         .basic("plinth", secrets::password)
 *         .build();
 * OpenSearchIndex index =
 *         OpenSearchIndex.builder(servers, "docs", new VectorStore.Stamp("all-minilm-l6-v2-q", 384)).open();
 * }</pre>
 *
 * <p>Needs OpenSearch 2.4 or newer. Written after its published interface and tried against that, not against a server:
 * try it on yours first.
 *
 * <p><b>Vectors.</b> Approximate, by the HNSW graphs of Lucene, over which the filter is laid before the best are taken;
 * each shard looks for four times as many as are wanted. Vectors are kept, and given back, with length 1. At most
 * {@value #MOST} matches can be asked for.
 *
 * <p><b>Words.</b> BM25 with k1 = 0.9 and b = 0.4 over the headings and the text, for any of the query's words, none of
 * which is a command; each shard weighs words by what it holds itself. Of a query of more than 500 words the first 500 that
 * differ count.
 *
 * <p><b>Filters.</b> Numbers and texts are compared exactly. A comparison by order walks through the different values of
 * the field in between; a text to be ordered by has at most 1,333 characters, or is refused with
 * {@link IllegalArgumentException}.
 *
 * <p><b>Writes.</b> OpenSearch has no transaction over several documents. {@link #write} puts in and waits until that is
 * visible, before it takes out: a reader may see both for a moment, never neither, and who opens the index after a failure
 * may find a part of what was to be put in, or the old beside the new. The next run of an ingestion puts that right. A
 * change of which one document is refused is a {@link StoreException}. A write of up to 200
 * chunks waits for the next refresh, which is up to a second away unless the index is set otherwise, and with refresh
 * switched off for ever; a larger one makes a refresh of its own. So few large writes are much faster than many small
 * ones.
 *
 * <p><b>Ledger.</b> In the same index. Entries are written one by one as well: of a {@link #put} that fails, some may be
 * there. That is enough for an ingestion, of which every document stands for itself. A source has a name of at most 1,000
 * characters.
 *
 * <p><b>Tenants</b> share the index; every call names its own.
 *
 * <p>Thread-safe. What OpenSearch refuses, or cannot be reached for, is a {@link StoreException}; refused credentials are
 * an {@link dev.plinth.api.error.AuthenticationException}.
 */
public final class OpenSearchIndex implements HybridIndex, Ledger {
    /** The most matches that can be asked for at once. */
    public static final int MOST = 10_000;

    private static final int MOST_WORDS = 500;
    private static final int FETCHED = 1_000;

    private final Settings settings;
    private final RemoteIndex index;
    private final DocumentKeys keys;
    private final Ledger ledger;

    private OpenSearchIndex(Settings settings, RemoteIndex index) {
        this.settings = settings;
        this.index = index;
        this.keys = DocumentKeys.chunks(settings.tenant());
        this.ledger = new DocumentLedger(index, settings.tenant());
    }

    /**
     * A builder for an index of the vectors of one model.
     *
     * @param index lower case letters, digits, {@code _} and {@code -}; may be an alias of one index
     */
    public static Builder builder(RestClient servers, String index, VectorStore.Stamp stamp) {
        return new Builder(servers, index, stamp);
    }

    @Override
    public void write(List<Embedded> chunks, Collection<String> deleted) {
        Map<String, ObjectNode> documents = new LinkedHashMap<>();
        int number = 0;
        for (Embedded one : Check.notNull(chunks, "chunks")) {
            float[] unit = unit(one.vector(), "chunks[" + number++ + "].vector");
            documents.put(keys.of(one.chunk().id()), ChunkDocument.of(keys, one.chunk(), unit));
        }
        Set<String> gone = new LinkedHashSet<>();
        for (String id : Check.notNull(deleted, "deleted")) {
            gone.add(keys.of(Check.notNull(id, "deleted")));
        }
        gone.removeAll(documents.keySet());
        index.changeVisibly(Bulk.put(documents.values()));
        index.changeVisibly(Bulk.delete(gone));
    }

    @Override
    public void add(List<Chunk> chunks) {
        Map<String, ObjectNode> documents = new LinkedHashMap<>();
        for (Chunk chunk : Check.notNull(chunks, "chunks")) {
            documents.put(keys.of(chunk.id()), ChunkDocument.of(keys, chunk));
        }
        index.changeVisibly(Bulk.change(documents.values()));
    }

    @Override
    public List<Match> search(VectorQuery query) {
        float[] unit = unit(query.vector(), "vector");
        Check.that(query.k() <= MOST, "k", query.k(), "<= " + MOST);
        ObjectNode nearest = Json.object()
                .put("k", Math.min(MOST, query.k() * settings.oversampling()))
                .set("vector", Json.vector(unit));
        nearest.set("filter", FilterJson.bool("filter", own().add(FilterJson.of(query.filter()))));
        ObjectNode search = Json.object("query", Json.object("knn", Json.object(Fields.VECTOR, nearest)));
        return matches(search.put("size", query.k()), score -> Math.max(-1, Math.min(1, 2 * score.doubleValue() - 1)));
    }

    @Override
    public List<Match> search(TextQuery query) {
        Check.that(query.k() <= MOST, "k", query.k(), "<= " + MOST);
        ObjectNode match = Json.object("match", Json.object(Fields.WORDS, SearchText.query(query.text(), MOST_WORDS)));
        ObjectNode clauses = Json.object("must", match);
        clauses.set("filter", own().add(FilterJson.of(query.filter())));
        ObjectNode search = Json.object("query", Json.object("bool", clauses));
        return matches(search.put("size", query.k()), JsonNode::doubleValue);
    }

    private List<Match> matches(ObjectNode search, ToDoubleFunction<JsonNode> score) {
        search.set("_source", Json.texts(List.of(Fields.CONTENT)));
        List<Match> matches = new ArrayList<>();
        for (JsonNode hit : index.search(search).at("/hits/hits")) {
            matches.add(new Match(ChunkDocument.chunk(hit.path("_source")), score.applyAsDouble(hit.path("_score"))));
        }
        return matches;
    }

    /** What every search for chunks demands. */
    private ArrayNode own() {
        return Json.array(List.of(FilterJson.term(Fields.OWNER, keys.owner())));
    }

    @Override
    public List<Embedded> fetch(Collection<String> ids) {
        List<String> all = ids.stream().map(keys::of).distinct().toList();
        List<Embedded> found = new ArrayList<>();
        for (int start = 0; start < all.size(); start += FETCHED) {
            List<String> some = all.subList(start, Math.min(all.size(), start + FETCHED));
            index.get(some, Fields.CONTENT + "," + Fields.VECTOR).stream()
                    .filter(source -> source.has(Fields.VECTOR))
                    .forEach(source -> found.add(ChunkDocument.embedded(source)));
        }
        return found;
    }

    /** In the order of the keys, which do not change; the cursor is the last one. */
    @Override
    public Page scan(@Nullable String cursor, int limit) {
        int size = Math.min(MOST, Check.positive(limit, "limit"));
        ArrayNode filters = own().add(FilterJson.term(Fields.EMBEDDED, "yes"));
        ObjectNode search =
                Json.object("query", FilterJson.bool("filter", filters)).put("size", size);
        search.set("_source", Json.texts(List.of(Fields.KEY, Fields.CONTENT, Fields.VECTOR)));
        search.set("sort", Json.texts(List.of(Fields.KEY)));
        if (cursor != null) {
            search.set("search_after", Json.texts(List.of(cursor)));
        }
        List<Embedded> found = new ArrayList<>();
        String last = null;
        for (JsonNode hit : index.search(search).at("/hits/hits")) {
            found.add(ChunkDocument.embedded(hit.path("_source")));
            last = hit.at("/_source/" + Fields.KEY).asText();
        }
        return new Page(found, found.size() < size ? null : last);
    }

    @Override
    public long size() {
        return index.count(FilterJson.bool("filter", own()));
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
        index.close();
    }

    /** Not thread-safe. */
    public static final class Builder {
        private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,199}");
        private static final Pattern LANGUAGE = Pattern.compile("[a-z][a-z0-9_]{0,30}");

        private final RestClient servers;
        private final String index;
        private final VectorStore.Stamp stamp;
        private String tenant = "";
        private String language = "english";
        private int shards = 1;
        private int replicas = 1;
        private int neighbours = 16;
        private int candidates = 100;
        private int oversampling = 4;
        private boolean migrate = true;

        private Builder(RestClient servers, String index, VectorStore.Stamp stamp) {
            this.servers = Check.notNull(servers, "servers");
            Check.notNull(index, "index");
            Check.that(NAME.matcher(index).matches(), "index", index, "a to z, digits, _ and -");
            this.index = index;
            this.stamp = Check.notNull(stamp, "stamp");
        }

        /** Whose chunks and documents these are, at most 200 characters; nobody's in particular unless said. */
        public Builder tenant(String tenant) {
            Check.notBlank(tenant, "tenant");
            Check.that(tenant.length() <= 200, "tenant.length", tenant.length(), "<= 200");
            this.tenant = tenant;
            return this;
        }

        /**
         * The analyzer of OpenSearch for the words, {@code english} by default: one of its languages; {@code simple} for
         * any, unstemmed. It stays the same as long as the index is there.
         */
        public Builder language(String language) {
            Check.notNull(language, "language");
            Check.that(LANGUAGE.matcher(language).matches(), "language", language, "a to z, 0 to 9 and _");
            this.language = language;
            return this;
        }

        /** Into how many parts the index is cut, if it is made now; one by default. */
        public Builder shards(int shards) {
            this.shards = Check.positive(shards, "shards");
            return this;
        }

        /** How many copies each part has beside itself, if the index is made now; one by default, 0 for none. */
        public Builder replicas(int replicas) {
            Check.that(replicas >= 0, "replicas", replicas, ">= 0");
            this.replicas = replicas;
            return this;
        }

        /**
         * How graphs are built, if the index is made now: larger numbers find more of the very nearest, and take more time
         * and space.
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

        /** Whether a missing index is made; yes by default. If not, {@link #script} is what has to be sent before. */
        public Builder migrate(boolean allowed) {
            this.migrate = allowed;
            return this;
        }

        /** The index as JSON, for an administrator to send to {@code /<index>} with PUT. Needs no server. */
        public String script() {
            return settings().definition().toPrettyString();
        }

        /**
         * Opens the index, and makes it if it is new.
         *
         * @throws StoreException if no server can be reached, or the index is of another model, number of dimensions,
         *     language or format, or cannot be made
         */
        public OpenSearchIndex open() {
            Settings settings = settings();
            RemoteIndex opened = new RemoteIndex(servers, index);
            JsonNode held = opened.meta();
            if (held == null && settings.migrate()) {
                opened.create(settings.definition());
                held = opened.meta();
            }
            if (held == null) {
                throw new StoreException("index: " + index + " is missing (expected: what script() makes)");
            }
            if (!held.equals(settings.meta())) {
                throw new StoreException("index: " + index + " is of " + (held.isMissingNode() ? "nobody known" : held)
                        + " (expected: of " + settings.meta() + ")");
            }
            return new OpenSearchIndex(settings, opened);
        }

        private Settings settings() {
            return new Settings(
                    stamp, tenant, language, shards, replicas, neighbours, candidates, oversampling, migrate);
        }
    }
}
