package dev.plinth.rag.qdrant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.check.Check;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.index.DocumentKeys;
import dev.plinth.rag.index.UnitVector;
import dev.plinth.rag.rest.RestClient;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Chunks and their vectors in a collection of Qdrant, over its REST interface: any number of processes may read and write
 * it at once.
 *
 * <pre>{@code
 * RestClient servers = RestClient.builder(URI.create("https://xyz.cloud.qdrant.io:6333"))
 *         .header("api-key", secrets::qdrantKey)
 *         .build();
 * QdrantStore store = QdrantStore.builder(servers, "docs", new VectorStore.Stamp("all-minilm-l6-v2-q", 384)).open();
 * }</pre>
 *
 * <p>Needs Qdrant 1.11 or newer. Written after its published interface and tried against that, not against a server: try
 * it on yours first.
 *
 * <p><b>Vectors.</b> Approximate by Qdrant's HNSW graph, which obeys the filter while it is walked, or exact if
 * {@link Builder#exact} is set. Vectors are kept, and given back, with length 1.
 *
 * <p><b>Words.</b> None: the full text match of Qdrant is a condition without a rank. A search by both ways takes another
 * {@link dev.plinth.api.retrieval.TextIndex} beside it.
 *
 * <p><b>Filters.</b> Numbers and texts are compared exactly. A text to be ordered by has at most 35 characters, or is
 * refused with {@link IllegalArgumentException}.
 *
 * <p><b>Writes.</b> Qdrant has no transaction over several points. {@link #write} puts in, and waits until that is done,
 * before it takes out: a reader may see both for a moment, never neither, and who opens the store after a failure may find
 * a part of what was to be put in, or the old beside the new. The next run of an ingestion puts that right. With more than
 * one replica, what was written is found by every later search if the collection's {@code write_consistency_factor} is the
 * number of replicas.
 *
 * <p><b>Tenants</b> share the collection; every call names its own. It is not a {@link dev.plinth.api.retrieval.Ledger}: an
 * ingestion brings one of its own.
 *
 * <p>Thread-safe. What Qdrant refuses, or cannot be reached for, is a {@link StoreException}; refused credentials are an
 * {@link dev.plinth.api.error.AuthenticationException}.
 */
public final class QdrantStore implements VectorStore {
    private static final int POINTS = 200;
    private static final int IDS = 1_000;

    private final Settings settings;
    private final QdrantCollection collection;
    private final DocumentKeys keys;

    private QdrantStore(Settings settings, QdrantCollection collection) {
        this.settings = settings;
        this.collection = collection;
        this.keys = DocumentKeys.chunks(settings.tenant());
    }

    /**
     * A builder for a store of the vectors of one model.
     *
     * @param servers where Qdrant is; its key goes into the header {@code api-key}
     * @param collection letters, digits, {@code _} and {@code -}
     */
    public static Builder builder(RestClient servers, String collection, VectorStore.Stamp stamp) {
        return new Builder(servers, collection, stamp);
    }

    @Override
    public void write(List<Embedded> chunks, Collection<String> deleted) {
        Map<String, ObjectNode> points = new LinkedHashMap<>();
        int number = 0;
        for (Embedded one : Check.notNull(chunks, "chunks")) {
            float[] unit = unit(one.vector(), "chunks[" + number++ + "].vector");
            String id = id(one.chunk().id());
            ObjectNode point = Json.object().put("id", id);
            point.set("vector", Json.vector(unit));
            point.set("payload", Payload.of(one.chunk(), keys.owner()));
            points.put(id, point);
        }
        Set<String> gone = new LinkedHashSet<>();
        for (String id : Check.notNull(deleted, "deleted")) {
            gone.add(id(Check.notNull(id, "deleted")));
        }
        gone.removeAll(points.keySet());
        for (List<ObjectNode> some : parts(points.values(), POINTS)) {
            collection.update("PUT", "/points", Json.object().set("points", Json.array(some)));
        }
        for (List<String> some : parts(gone, IDS)) {
            collection.update("POST", "/points/delete", Json.object().set("points", Json.texts(some)));
        }
    }

    private static <T> List<List<T>> parts(Collection<T> all, int most) {
        List<T> list = List.copyOf(all);
        List<List<T>> parts = new ArrayList<>();
        for (int start = 0; start < list.size(); start += most) {
            parts.add(list.subList(start, Math.min(list.size(), start + most)));
        }
        return parts;
    }

    @Override
    public List<Match> search(VectorQuery query) {
        float[] unit = unit(query.vector(), "vector");
        ObjectNode search = Json.object().put("limit", query.k());
        search.set("query", Json.vector(unit));
        search.set("filter", FilterJson.of(query.filter(), keys.owner()));
        search.putArray("with_payload").add(Payload.CHUNK);
        if (settings.exact()) {
            search.putObject("params").put("exact", true);
        }
        List<Match> matches = new ArrayList<>();
        for (JsonNode point : collection.search("/points/query", search).path("points")) {
            double score = Math.max(-1, Math.min(1, point.path("score").doubleValue()));
            matches.add(new Match(Payload.chunk(point.path("payload")), score));
        }
        return matches;
    }

    @Override
    public List<Embedded> fetch(Collection<String> ids) {
        List<Embedded> found = new ArrayList<>();
        for (List<String> some : parts(ids.stream().map(this::id).distinct().toList(), IDS)) {
            ObjectNode request = whole();
            request.set("ids", Json.texts(some));
            collection.call("POST", "/points", request).forEach(point -> found.add(embedded(point)));
        }
        return found;
    }

    @Override
    public Page scan(@Nullable String cursor, int limit) {
        ObjectNode request = whole().put("limit", Check.positive(limit, "limit"));
        request.set("filter", FilterJson.of(Filter.all(), keys.owner()));
        if (cursor != null) {
            request.put("offset", checked(cursor));
        }
        JsonNode page = collection.call("POST", "/points/scroll", request);
        List<Embedded> found = new ArrayList<>();
        page.path("points").forEach(point -> found.add(embedded(point)));
        JsonNode next = page.path("next_page_offset");
        return new Page(found, next.isTextual() ? next.asText() : null);
    }

    private static String checked(String cursor) {
        try {
            return UUID.fromString(cursor).toString();
        } catch (IllegalArgumentException other) {
            throw new IllegalArgumentException("cursor: " + cursor + " (expected: one that was given out)", other);
        }
    }

    private static ObjectNode whole() {
        ObjectNode request = Json.object().put("with_vector", true);
        request.putArray("with_payload").add(Payload.CHUNK);
        return request;
    }

    private static Embedded embedded(JsonNode point) {
        JsonNode values = point.path("vector");
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = values.get(i).floatValue();
        }
        return new Embedded(Payload.chunk(point.path("payload")), vector);
    }

    @Override
    public long size() {
        ObjectNode request = Json.object().put("exact", true);
        request.set("filter", FilterJson.of(Filter.all(), keys.owner()));
        return collection.call("POST", "/points/count", request).path("count").asLong();
    }

    @Override
    public VectorStore.Stamp stamp() {
        return settings.stamp();
    }

    /** Every later call but this is refused with {@link StoreException}. */
    @Override
    public void close() {
        collection.close();
    }

    /** The id of a point is a UUID, so it is made of a hash. */
    private String id(String chunkId) {
        String hash = keys.of(chunkId);
        long most = new BigInteger(hash.substring(0, 16), 16).longValue() & ~0xF000L | 0x8000L; // version 8
        long least = new BigInteger(hash.substring(16, 32), 16).longValue() >>> 2 | Long.MIN_VALUE;
        return new UUID(most, least).toString();
    }

    private float[] unit(float[] vector, String name) {
        return UnitVector.of(vector, settings.stamp().dimensions(), name);
    }

    /** Not thread-safe. */
    public static final class Builder {
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,199}");

        private final RestClient servers;
        private final String collection;
        private final VectorStore.Stamp stamp;
        private String tenant = "";
        private int shards = 1;
        private int replicas = 1;
        private int neighbours = 16;
        private int candidates = 100;
        private boolean exact;
        private boolean migrate = true;

        private Builder(RestClient servers, String collection, VectorStore.Stamp stamp) {
            this.servers = Check.notNull(servers, "servers");
            Check.notNull(collection, "collection");
            Check.that(NAME.matcher(collection).matches(), "collection", collection, "letters, digits, _ and -");
            this.collection = collection;
            this.stamp = Check.notNull(stamp, "stamp");
        }

        /** Whose chunks these are, at most 200 characters; nobody's in particular unless said. */
        public Builder tenant(String tenant) {
            Check.notBlank(tenant, "tenant");
            Check.that(tenant.length() <= 200, "tenant.length", tenant.length(), "<= 200");
            this.tenant = tenant;
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
         * How the graph is built, if the collection is made now: larger numbers find more of the very nearest, and take
         * more time and space.
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

        /** Compares a query with every vector that passes the filter: the very nearest are found. */
        public Builder exact() {
            this.exact = true;
            return this;
        }

        /** Whether a missing collection is made; yes by default. If not, the key may be one that only reads and writes points. */
        public Builder migrate(boolean allowed) {
            this.migrate = allowed;
            return this;
        }

        /**
         * Opens the store, and makes it if it is new. The first time is for one process: of two at once with different
         * models, neither might see the other. A collection that somebody else has made is taken if it holds no points.
         *
         * @throws StoreException if no server can be reached, or the collection is of another model, number of dimensions,
         *     distance or format, or holds points of somebody else, or cannot be made
         */
        public QdrantStore open() {
            Settings settings = new Settings(stamp, tenant, shards, replicas, neighbours, candidates, exact, migrate);
            QdrantCollection opened = new QdrantCollection(servers, collection);
            new Opening(opened, settings).open();
            return new QdrantStore(settings, opened);
        }
    }
}
