package dev.plinth.api.testkit;

import dev.plinth.api.check.Check;
import dev.plinth.api.context.Cancellation;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A vector store that compares every vector: slow, exact, in memory. Of equal scores the smaller id comes first.
 *
 * <p>Thread-safe. After {@link #close()} it refuses everything but closing.
 */
public final class FakeVectorStore implements VectorStore {
    private final Stamp stamp;
    private final Object lock = new Object();
    private final Map<String, Embedded> chunks = new LinkedHashMap<>();
    private boolean closed;

    private FakeVectorStore(Stamp stamp) {
        this.stamp = stamp;
    }

    /** An empty store for the vectors of this model. */
    public static FakeVectorStore create(String model, int dimensions) {
        return new FakeVectorStore(new Stamp(model, dimensions));
    }

    @Override
    public void write(List<Embedded> chunks, Collection<String> deleted) {
        List<Embedded> copies = chunks.stream()
                .map(embedded -> new Embedded(
                        embedded.chunk(),
                        checked(embedded.vector(), embedded.chunk().id())))
                .toList();
        List<String> gone = List.copyOf(deleted);
        synchronized (lock) {
            requireOpen();
            gone.forEach(this.chunks::remove);
            copies.forEach(copy -> this.chunks.put(copy.chunk().id(), copy));
        }
    }

    @Override
    public List<Embedded> fetch(Collection<String> ids) {
        Set<String> wanted = new LinkedHashSet<>(ids);
        synchronized (lock) {
            requireOpen();
            return wanted.stream()
                    .map(chunks::get)
                    .filter(Objects::nonNull)
                    .map(FakeVectorStore::copy)
                    .toList();
        }
    }

    @Override
    public Page scan(@Nullable String cursor, int limit) {
        Check.positive(limit, "limit");
        synchronized (lock) {
            requireOpen();
            NavigableMap<String, Embedded> sorted = new TreeMap<>(chunks);
            List<Embedded> page = (cursor == null ? sorted : sorted.tailMap(cursor, false))
                    .values().stream().limit(limit).map(FakeVectorStore::copy).toList();
            String last =
                    page.isEmpty() ? null : page.get(page.size() - 1).chunk().id();
            return new Page(page, last == null || sorted.lastKey().equals(last) ? null : last);
        }
    }

    private static Embedded copy(Embedded embedded) {
        return new Embedded(embedded.chunk(), embedded.vector().clone());
    }

    @Override
    public List<Match> search(VectorQuery query) {
        Cancellation.check();
        float[] vector = checked(query.vector(), "query");
        List<Embedded> all;
        synchronized (lock) {
            requireOpen();
            all = List.copyOf(chunks.values());
        }
        return all.stream()
                .filter(embedded -> query.filter().matches(embedded.chunk().metadata()))
                .map(embedded -> new Match(embedded.chunk(), Words.cosine(vector, embedded.vector())))
                .sorted(Comparator.comparingDouble(Match::score)
                        .reversed()
                        .thenComparing(match -> match.chunk().id()))
                .limit(query.k())
                .toList();
    }

    @Override
    public long size() {
        synchronized (lock) {
            requireOpen();
            return chunks.size();
        }
    }

    @Override
    public Stamp stamp() {
        return stamp;
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new StoreException("store: closed (expected: open)");
        }
    }

    private float[] checked(float[] vector, String name) {
        Check.that(
                vector.length == stamp.dimensions(), name + ".vector.length", vector.length, "" + stamp.dimensions());
        boolean direction = false;
        for (float value : vector) {
            Check.that(Float.isFinite(value), name + ".vector", value, "finite");
            direction |= value != 0;
        }
        Check.that(direction, name + ".vector", "all zero", "a direction");
        return vector.clone();
    }
}
