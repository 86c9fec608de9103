package dev.plinth.api.testkit;

import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.Ledger;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A ledger in memory. Thread-safe. */
public final class FakeLedger implements Ledger {
    private final Object lock = new Object();
    private final Map<String, NavigableMap<String, Entry>> entries = new TreeMap<>();
    private final Map<String, Checkpoint> checkpoints = new TreeMap<>();

    private FakeLedger() {}

    /** A ledger that knows nothing. */
    public static FakeLedger create() {
        return new FakeLedger();
    }

    @Override
    public Map<String, Entry> find(String source, Collection<String> documentIds) {
        synchronized (lock) {
            Map<String, Entry> found = new TreeMap<>(of(source));
            found.keySet().retainAll(Set.copyOf(documentIds));
            return found;
        }
    }

    @Override
    public Map<String, Entry> list(String source, @Nullable String after, int limit) {
        Check.positive(limit, "limit");
        synchronized (lock) {
            NavigableMap<String, Entry> known = of(source);
            Map<String, Entry> page = new LinkedHashMap<>();
            (after == null ? known : known.tailMap(after, false)).forEach((id, entry) -> {
                if (page.size() < limit) {
                    page.put(id, entry);
                }
            });
            return page;
        }
    }

    @Override
    public void put(String source, Map<String, Entry> entries) {
        Check.notBlank(source, "source");
        entries.keySet().forEach(id -> Check.notBlank(id, "documentId"));
        synchronized (lock) {
            this.entries.computeIfAbsent(source, key -> new TreeMap<>()).putAll(entries);
        }
    }

    @Override
    public void remove(String source, Collection<String> documentIds) {
        synchronized (lock) {
            of(source).keySet().removeAll(Set.copyOf(documentIds));
            entries.remove(source, Map.of());
        }
    }

    @Override
    public Set<String> sources() {
        synchronized (lock) {
            Set<String> sources = new TreeSet<>(entries.keySet());
            sources.addAll(checkpoints.keySet());
            return sources;
        }
    }

    @Override
    public Optional<Checkpoint> checkpoint(String source) {
        synchronized (lock) {
            return Optional.ofNullable(checkpoints.get(source));
        }
    }

    @Override
    public void checkpoint(String source, Checkpoint checkpoint) {
        Check.notBlank(source, "source");
        Check.notNull(checkpoint, "checkpoint");
        synchronized (lock) {
            checkpoints.put(source, checkpoint);
        }
    }

    private NavigableMap<String, Entry> of(String source) {
        return entries.getOrDefault(Check.notBlank(source, "source"), new TreeMap<>());
    }
}
