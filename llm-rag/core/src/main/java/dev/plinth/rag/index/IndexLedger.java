package dev.plinth.rag.index;

import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.Ledger;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What an index remembers of the documents its chunks are from. {@link InMemoryIndex} holds the lock. */
final class IndexLedger {
    private final Map<String, NavigableMap<String, Ledger.Entry>> documents = new TreeMap<>();
    private final Map<String, Ledger.Checkpoint> checkpoints = new TreeMap<>();

    Map<String, Ledger.Entry> find(String source, Collection<String> ids) {
        Map<String, Ledger.Entry> known = of(source);
        Map<String, Ledger.Entry> found = new LinkedHashMap<>();
        for (String id : ids) {
            Ledger.Entry entry = known.get(id);
            if (entry != null) {
                found.put(id, entry);
            }
        }
        return found;
    }

    Map<String, Ledger.Entry> list(String source, @Nullable String after, int limit) {
        NavigableMap<String, Ledger.Entry> known = of(source);
        Map<String, Ledger.Entry> page = new LinkedHashMap<>();
        for (Map.Entry<String, Ledger.Entry> entry : (after == null ? known : known.tailMap(after, false)).entrySet()) {
            if (page.size() == limit) {
                break;
            }
            page.put(entry.getKey(), entry.getValue());
        }
        return page;
    }

    void put(String source, Map<String, Ledger.Entry> entries) {
        Check.notBlank(source, "source");
        entries.keySet().forEach(id -> Check.notBlank(id, "documentId"));
        documents.computeIfAbsent(source, key -> new TreeMap<>()).putAll(entries);
    }

    void remove(String source, Collection<String> ids) {
        Map<String, Ledger.Entry> known = documents.get(source);
        if (known != null) {
            ids.forEach(known::remove);
            documents.remove(source, Map.of());
        }
    }

    Set<String> sources() {
        Set<String> sources = new TreeSet<>(documents.keySet());
        sources.addAll(checkpoints.keySet());
        return sources;
    }

    /** All documents by source and id. */
    Map<String, NavigableMap<String, Ledger.Entry>> documents() {
        return documents;
    }

    Map<String, Ledger.Checkpoint> checkpoints() {
        return checkpoints;
    }

    private NavigableMap<String, Ledger.Entry> of(String source) {
        return documents.getOrDefault(Check.notBlank(source, "source"), new TreeMap<>());
    }
}
