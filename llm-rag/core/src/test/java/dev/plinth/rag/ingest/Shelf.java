package dev.plinth.rag.ingest;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A source of two items a page that can tell what has changed since, if wanted. A text's version is its number of puts. */
final class Shelf implements Connector {
    private final NavigableMap<String, String> texts = new TreeMap<>();
    private final Map<String, Integer> versions = new TreeMap<>();
    private final List<String> changes = new ArrayList<>();
    private final Set<String> broken = new HashSet<>();
    private final boolean tellsChanges;
    private final List<String> cursors = new ArrayList<>();
    private int fetched;

    Shelf(boolean tellsChanges) {
        this.tellsChanges = tellsChanges;
    }

    Shelf put(String id, String text) {
        texts.put(id, text);
        versions.merge(id, 1, Integer::sum);
        changes.add(id);
        return this;
    }

    Shelf remove(String id) {
        texts.remove(id);
        changes.add(id);
        return this;
    }

    void breaks(String id) {
        broken.add(id);
    }

    void mends(String id) {
        broken.remove(id);
    }

    Map<String, String> texts() {
        return texts;
    }

    synchronized int fetched() {
        return fetched;
    }

    List<String> cursors() {
        return cursors;
    }

    @Override
    public String name() {
        return "shelf";
    }

    @Override
    public Page list(@Nullable String cursor) {
        cursors.add(cursor);
        return tellsChanges && cursor != null && cursor.startsWith("since ")
                ? changesSince(Integer.parseInt(cursor.substring(6)))
                : everything(cursor);
    }

    private Page changesSince(int from) {
        Set<String> changed = Set.copyOf(changes.subList(from, changes.size()));
        List<Item> items =
                changed.stream().filter(texts::containsKey).map(this::item).toList();
        List<String> gone =
                changed.stream().filter(id -> !texts.containsKey(id)).toList();
        return new Page(items, gone, List.of(), null, "since " + changes.size(), false, -1);
    }

    private Page everything(@Nullable String cursor) {
        NavigableMap<String, String> rest = cursor == null ? texts : texts.tailMap(cursor, false);
        List<Item> items = rest.keySet().stream().limit(2).map(this::item).toList();
        String next = rest.size() > 2 ? items.get(1).id() : null;
        String since = tellsChanges && next == null ? "since " + changes.size() : null;
        return new Page(items, List.of(), List.of(), next, since, true, texts.size());
    }

    private Item item(String id) {
        return new Item(id, "v" + versions.get(id));
    }

    @Override
    public synchronized Document fetch(Item item) {
        fetched++;
        if (broken.contains(item.id())) {
            throw new StoreException("document: " + item.id() + " is broken (expected: whole)");
        }
        return new Document(item.id(), "", texts.get(item.id()), "shelf/" + item.id(), Readers.EVERYONE, Metadata.NONE);
    }

    @Override
    public void close() {
        // nothing is held
    }
}
