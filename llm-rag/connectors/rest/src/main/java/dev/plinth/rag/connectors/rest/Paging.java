package dev.plinth.rag.connectors.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.error.StoreException;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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
     * @param next where the next one is; null: this was the last
     * @param date as the server says; may be empty
     */
    record Slice(
            JsonNode body, List<JsonNode> items, @Nullable Step next, String date) {}

    /** @param limit where the template says none */
    Paging(Api api, TemplateFile.Listing listing, int limit) {
        this.api = api;
        this.listing = listing;
        this.limit = listing.limit() > 0 ? listing.limit() : limit;
    }

    /** The page that this step leads to. */
    Slice page(ObjectNode context, Step step) {
        TemplateFile.Next way = listing.next();
        boolean byAddress = way != null && (way.link() != null || way.header());
        return read(byAddress && !step.next().isEmpty() ? api.link(step.next()) : request(context, step), step);
    }

    private HttpRequest request(ObjectNode context, Step step) {
        ObjectNode all = context.deepCopy();
        all.put("$limit", limit);
        if (!step.next().isEmpty()) {
            all.put("$next", step.next());
        }
        return api.request(listing.request(), all);
    }

    /** The address of the first page. */
    String first(ObjectNode context) {
        return request(context, Step.FIRST).uri().toString();
    }

    /** The page at an address. */
    Slice at(String address) {
        return read(api.link(address), Step.at(address));
    }

    private Slice read(HttpRequest request, Step step) {
        Api.Json answer = api.json(request);
        List<JsonNode> items = items(answer.body());
        String next = next(answer);
        return new Slice(answer.body(), items, next.isEmpty() ? null : step.then(next, items), answer.date());
    }

    /** An answer without the list is none: or all that was known would be taken for gone. */
    private List<JsonNode> items(JsonNode body) {
        List<JsonNode> lists = Fields.all(body, listing.items());
        if (lists.isEmpty() || !lists.stream().allMatch(JsonNode::isArray)) {
            throw new StoreException("list: answer without " + listing.items() + " (expected: a list)");
        }
        List<JsonNode> items = new ArrayList<>();
        lists.forEach(list -> list.forEach(items::add));
        return items;
    }

    private String next(Api.Json answer) {
        TemplateFile.Next way = listing.next();
        if (way == null) {
            return "";
        }
        if (way.header()) {
            Matcher matcher = NEXT_LINK.matcher(answer.link());
            return matcher.find() ? matcher.group(1) : "";
        }
        String path = way.link() == null ? way.cursor() : way.link();
        return path == null ? "" : Fields.first(answer.body(), path).asText("");
    }

    /** The items of all pages. */
    List<JsonNode> all(ObjectNode context) {
        List<JsonNode> all = new ArrayList<>();
        Step step = Step.FIRST;
        for (int page = 0; page < MOST_PAGES; page++) {
            Slice slice = page(context, step);
            all.addAll(slice.items());
            if (slice.next() == null) {
                return all;
            }
            step = slice.next();
        }
        throw new StoreException("list: more than " + MOST_PAGES + " pages (expected: at most that)");
    }
}
