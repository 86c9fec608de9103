package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Connector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All pages of a list, taken together.
 *
 * @param versions by id, in the order of the list
 */
record Listing(
        Map<String, String> versions,
        Set<String> removed,
        Set<String> skipped,
        @Nullable String since,
        boolean complete,
        long total,
        int pages) {
    private static final int MOST_PAGES = 1000;

    static Listing all(Connector connector) {
        return startingWith(connector.list(null), connector);
    }

    static Listing since(Connector connector, @Nullable String cursor) {
        return startingWith(connector.list(cursor), connector);
    }

    /** A list of which this is the first page, read to its end; checks what holds for every list. */
    static Listing startingWith(Connector.Page first, Connector connector) {
        Map<String, String> versions = new LinkedHashMap<>();
        Set<String> removed = new TreeSet<>();
        Set<String> skipped = new TreeSet<>();
        Connector.Page page = first;
        for (int pages = 1; pages <= MOST_PAGES; pages++) {
            for (Connector.Item item : page.items()) {
                assertThat(versions.put(item.id(), item.version()))
                        .as("listed before: " + item.id())
                        .isNull();
            }
            removed.addAll(page.removed());
            page.skipped().forEach(one -> skipped.add(one.id()));
            assertThat(removed).as("removed, and listed too").noneMatch(versions::containsKey);
            assertThat(page.complete()).as("complete, on all pages alike").isEqualTo(first.complete());
            assertThat(page.total()).as("total, on all pages alike").isEqualTo(first.total());
            if (page.next() == null) {
                return new Listing(versions, removed, skipped, page.since(), page.complete(), first.total(), pages);
            }
            page = connector.list(page.next());
        }
        throw new AssertionError("pages: more than " + MOST_PAGES + " (expected: an end)");
    }

    List<Connector.Item> items() {
        List<Connector.Item> items = new ArrayList<>();
        versions.forEach((id, version) -> items.add(new Connector.Item(id, version)));
        return items;
    }

    Connector.Item item(String id) {
        String version = versions.get(id);
        if (version == null) {
            throw new AssertionError("list: without " + id + " (expected: with it)");
        }
        return new Connector.Item(id, version);
    }

    /** What a reader knows who knew this and has been told of these changes. */
    Map<String, String> with(Listing changes) {
        Map<String, String> known = new LinkedHashMap<>(changes.complete() ? Map.of() : versions);
        known.putAll(changes.versions());
        known.keySet().removeAll(changes.removed());
        return known;
    }
}
