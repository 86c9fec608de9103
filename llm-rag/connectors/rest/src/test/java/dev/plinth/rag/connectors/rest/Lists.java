package dev.plinth.rag.connectors.rest;

import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Connector.Item;
import dev.plinth.api.retrieval.Connector.Page;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All pages of a list, as one. */
record Lists(
        List<Item> items, List<String> removed, @Nullable String since, boolean complete, int pages) {
    static Lists of(Connector connector, @Nullable String cursor) {
        List<Item> items = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        int pages = 0;
        String next = cursor;
        while (true) {
            Page page = connector.list(next);
            pages++;
            items.addAll(page.items());
            removed.addAll(page.removed());
            next = page.next();
            if (next == null) {
                return new Lists(items, removed, page.since(), page.complete(), pages);
            }
        }
    }

    List<String> ids() {
        return items.stream().map(Item::id).toList();
    }

    Item item(String id) {
        return items.stream().filter(item -> item.id().equals(id)).findFirst().orElseThrow();
    }
}
