package dev.plinth.api.testkit;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A source of documents in memory that a test changes, breaks and heals. It tells what has changed since an earlier
 * list, unless {@link #tellChanges} says otherwise.
 *
 * <p>Thread-safe.
 */
public final class FakeConnector implements Connector {
    /** What became of an id, and when. */
    private record Entry(@Nullable Document document, long revision) {}

    private final String name;
    private final Object lock = new Object();
    private final NavigableMap<String, Entry> entries = new TreeMap<>();
    private final Map<String, LlmException> fetchFailures = new HashMap<>();
    private @Nullable LlmException listFailure;
    private Consumer<? super Item> beforeFetch = item -> {};
    private int pageSize = 100;
    private boolean tellChanges = true;
    private long revision;

    private FakeConnector(String name) {
        this.name = name;
    }

    /** A source of this name that holds nothing. */
    public static FakeConnector create(String name) {
        return new FakeConnector(Check.notBlank(name, "name"));
    }

    /** Puts a document that everyone may read there, or another text into it. */
    public FakeConnector put(String id, String text) {
        return put(new Document(id, "", text, name + "/" + id, Readers.EVERYONE, Metadata.NONE));
    }

    /** Puts a document there in the place of the one with its id; the same one changes nothing. */
    public FakeConnector put(Document document) {
        synchronized (lock) {
            Entry before = entries.get(document.id());
            if (before == null || !document.equals(before.document())) {
                entries.put(document.id(), new Entry(document, ++revision));
            }
            return this;
        }
    }

    /** Takes a document away. */
    public FakeConnector remove(String id) {
        synchronized (lock) {
            Entry before = entries.get(id);
            if (before != null && before.document() != null) {
                entries.put(id, new Entry(null, ++revision));
            }
            return this;
        }
    }

    /** From now on a document cannot be fetched; null: it can again. */
    public FakeConnector failFetch(String id, @Nullable LlmException failure) {
        synchronized (lock) {
            if (failure == null) {
                fetchFailures.remove(id);
            } else {
                fetchFailures.put(id, failure);
            }
            return this;
        }
    }

    /** From now on nothing can be listed; null: it can again. */
    public FakeConnector failList(@Nullable LlmException failure) {
        synchronized (lock) {
            listFailure = failure;
            return this;
        }
    }

    /** Runs this before every fetch, on its thread: to wait, to count, to throw. */
    public FakeConnector beforeFetch(Consumer<? super Item> action) {
        synchronized (lock) {
            beforeFetch = Check.notNull(action, "action");
            return this;
        }
    }

    /** How many documents a page has at most; 100 at first. */
    public FakeConnector pageSize(int items) {
        synchronized (lock) {
            pageSize = Check.positive(items, "pageSize");
            return this;
        }
    }

    /** Whether it knows what has changed since an earlier list; false: it can only list everything. */
    public FakeConnector tellChanges(boolean tell) {
        synchronized (lock) {
            tellChanges = tell;
            return this;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Page list(@Nullable String cursor) {
        requireUninterrupted();
        synchronized (lock) {
            if (listFailure != null) {
                throw listFailure;
            }
            FakeCursor from = FakeCursor.parse(cursor, revision);
            return page(from.changes() && !tellChanges ? FakeCursor.everything(revision) : from);
        }
    }

    private Page page(FakeCursor from) {
        NavigableMap<String, Entry> wanted = new TreeMap<>(entries);
        wanted.values().removeIf(entry -> from.changes() ? entry.revision() <= from.after() : entry.document() == null);
        List<Item> items = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        FakeCursor next = null;
        for (Map.Entry<String, Entry> one :
                (from.id() == null ? wanted : wanted.tailMap(from.id(), false)).entrySet()) {
            if (items.size() + removed.size() == pageSize) {
                break;
            }
            if (one.getValue().document() == null) {
                removed.add(one.getKey());
            } else {
                items.add(new Item(one.getKey(), "v" + one.getValue().revision()));
            }
            next = one.getKey().equals(wanted.lastKey()) ? null : from.next(one.getKey());
        }
        return new Page(
                items,
                removed,
                List.of(),
                next == null ? null : next.toString(),
                next != null || !tellChanges ? null : FakeCursor.changesAfter(from.asOf()),
                !from.changes(),
                wanted.size());
    }

    @Override
    public Document fetch(Item item) {
        requireUninterrupted();
        Consumer<? super Item> before;
        synchronized (lock) {
            before = beforeFetch;
        }
        before.accept(item);
        synchronized (lock) {
            LlmException failure = fetchFailures.get(item.id());
            if (failure != null) {
                throw failure;
            }
            Entry entry = entries.get(item.id());
            if (entry == null || entry.document() == null) {
                throw new StoreException(
                        "document: " + item.id() + " is not there (expected: a document of " + name + ")");
            }
            return entry.document();
        }
    }

    private static void requireUninterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException("thread: interrupted (expected: not before the source was read)");
        }
    }

    @Override
    public void close() {
        // stays as it is, to be looked at
    }
}
