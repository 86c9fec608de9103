package dev.plinth.rag.ingest;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.VectorStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What another store holds of one source: cut already, and known by its ledger. */
final class StoreSource implements Source {
    private static final int PAGE = 500;

    private final String name;
    private final VectorStore store;
    private final Ledger ledger;

    /** Of the moment the walk begins: what comes later is found from there. */
    private final Optional<Ledger.Checkpoint> checkpoint;

    StoreSource(String name, VectorStore store, Ledger ledger) {
        this.name = name;
        this.store = store;
        this.ledger = ledger;
        this.checkpoint = ledger.checkpoint(name);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public @Nullable String start(Ledger.Checkpoint last) {
        return null;
    }

    /** The source itself was gone through when the other store says. */
    @Override
    public Optional<Ledger.Checkpoint> reached(Connector.Page last, Instant at) {
        return checkpoint;
    }

    @Override
    public Connector.Page list(@Nullable String after) {
        List<Connector.Item> items = new ArrayList<>();
        List<Connector.Skipped> skipped = new ArrayList<>();
        String last = null;
        Map<String, Ledger.Entry> page = ledger.list(name, after, PAGE);
        for (Map.Entry<String, Ledger.Entry> entry : page.entrySet()) {
            last = entry.getKey();
            Ledger.Stored stored = entry.getValue().stored();
            if (stored == null) {
                skipped.add(new Connector.Skipped(last, "not in the store"));
            } else {
                items.add(new Connector.Item(last, stored.version()));
            }
        }
        boolean more = page.size() == PAGE;
        return new Connector.Page(items, List.of(), skipped, more ? last : null, null, true, -1);
    }

    @Override
    public String versionOf(Connector.Item item) {
        return item.version();
    }

    @Override
    public Connector.Item itemOf(String id, String version) {
        return new Connector.Item(id, version);
    }

    @Override
    public Split read(Connector.Item item) {
        Ledger.Entry entry = ledger.find(name, List.of(item.id())).get(item.id());
        Ledger.Stored stored = entry == null ? null : entry.stored();
        if (stored == null) {
            throw new StoreException("document: " + item.id() + " is gone (expected: in the store)");
        }
        Map<String, Chunk> held = new HashMap<>();
        for (Embedded one : store.fetch(stored.chunkIds())) {
            held.put(one.chunk().id(), one.chunk());
        }
        List<Chunk> chunks = new ArrayList<>(stored.chunks());
        for (String id : stored.chunkIds()) {
            Chunk chunk = held.get(id);
            if (chunk == null) {
                throw new StoreException("chunk: " + id + " is gone (expected: in the store; it may be changing)");
            }
            chunks.add(chunk);
        }
        return new Split(stored.digest(), stored.prefix(), chunks);
    }
}
