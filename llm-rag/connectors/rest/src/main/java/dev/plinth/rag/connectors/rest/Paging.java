package dev.plinth.rag.connectors.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.error.StoreException;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Goes through a list, page by page. Thread-safe. */
final class Paging {
    private static final int MOST_PAGES = 1000;
    private static final Pattern NEXT_LINK = Pattern.compile("<([^>]*)>[^<]*;\\s*rel=\"?next\"?");

    private final Api api;
    private final TemplateFile.Listing listing;
    private final int limit;

    /**
     * A page.
     *
     * @param next where the next one is; empty: this was the last
     * @param date as the server says; may be empty
     */
    record Slice(JsonNode body, List<JsonNode> items, String next, String date) {}

    /** @param limit where the template says none */
    Paging(Api api, TemplateFile.Listing listing, int limit) {
        this.api = api;
        this.listing = listing;
        this.limit = listing.limit() > 0 ? listing.limit() : limit;
    }

    /**
     * The page that starts here.
     *
     * @param next of the page before; empty: the first one
     * @param offset how many items there were
     */
    Slice page(ObjectNode context, String next, long offset) {
        TemplateFile.Next way = listing.next();
        boolean byAddress = way != null && (way.link() != null || way.header());
        return byAddress && !next.isEmpty()
                ? read(api.link(next), next, offset)
                : read(request(context, next, offset), next, offset);
    }

    private HttpRequest request(ObjectNode context, String next, long offset) {
        ObjectNode all = context.deepCopy();
        all.put("$limit", limit).put("$offset", offset);
        if (!next.isEmpty()) {
            all.put("$next", next);
        }
        return api.request(listing.request(), all);
    }

    /** The address of the first page. */
    String first(ObjectNode context) {
        return request(context, "", 0).uri().toString();
    }

    /** The page at an address. */
    Slice at(String address) {
        return read(api.link(address), address, 0);
    }

    private Slice read(HttpRequest request, String here, long offset) {
        Api.Json answer = api.json(request);
        List<JsonNode> items = new ArrayList<>();
        for (JsonNode list : Fields.all(answer.body(), listing.items())) {
            list.forEach(items::add);
        }
        String next = next(answer, items.size(), offset);
        if (!next.isEmpty() && next.equals(here)) {
            throw new StoreException("list: the next page is the same again (expected: another one)");
        }
        return new Slice(answer.body(), items, next, answer.date());
    }

    private String next(Api.Json answer, int items, long offset) {
        TemplateFile.Next way = listing.next();
        if (way == null) {
            return "";
        }
        if (way.header()) {
            Matcher matcher = NEXT_LINK.matcher(answer.link());
            return matcher.find() ? matcher.group(1) : "";
        }
        if (way.offset()) {
            return items == 0 ? "" : Long.toString(offset + items);
        }
        String path = way.link() == null ? way.cursor() : way.link();
        return path == null ? "" : Fields.first(answer.body(), path).asText("");
    }

    /** The items of all pages. */
    List<JsonNode> all(ObjectNode context) {
        List<JsonNode> all = new ArrayList<>();
        String next = "";
        for (int page = 0; page < MOST_PAGES; page++) {
            Slice slice = page(context, next, all.size());
            all.addAll(slice.items());
            if (slice.next().isEmpty()) {
                return all;
            }
            next = slice.next();
        }
        throw new StoreException("list: more than " + MOST_PAGES + " pages (expected: at most that)");
    }
}
