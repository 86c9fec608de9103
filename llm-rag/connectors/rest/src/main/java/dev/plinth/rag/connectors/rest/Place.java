package dev.plinth.rag.connectors.rest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a list stands.
 *
 * @param since a time or an address from where changes are told; empty in a list of everything
 * @param started when the list was, by the clock of the API; empty: nobody knows
 * @param next the address or the cursor of the next page; empty: the first one
 * @param offset how many items there were
 * @param parents whose items are still to be listed, the first one now; null: nobody has asked for them yet
 */
record Place(
        Kind kind,
        String since,
        String started,
        String next,
        long offset,
        @Nullable List<String> parents) {
    private static final JsonMapper MAPPER = new JsonMapper();

    enum Kind {
        ALL,
        /** The start of a list of changes. */
        SINCE,
        CHANGES
    }

    static final Place START = new Place(Kind.ALL, "", "", "", 0, null);

    static Place since(String since) {
        return new Place(Kind.SINCE, since, "", "", 0, null);
    }

    /** The start for what is no place. */
    static Place parse(@Nullable String cursor) {
        try {
            JsonNode json = cursor == null ? null : MAPPER.readTree(cursor);
            if (json == null || !json.isObject()) {
                return START;
            }
            List<String> parents = json.has("parents") ? new ArrayList<>() : null;
            if (parents != null) {
                json.get("parents").forEach(parent -> parents.add(parent.asText()));
            }
            return new Place(
                    Kind.valueOf(json.path("list").asText()),
                    json.path("since").asText(),
                    json.path("started").asText(),
                    json.path("next").asText(),
                    json.path("offset").asLong(),
                    parents);
        } catch (JacksonException | IllegalArgumentException notOurs) {
            return START;
        }
    }

    /** The same, asked for now. */
    Place begun(@Nullable List<String> all) {
        return new Place(kind == Kind.SINCE ? Kind.CHANGES : kind, since, started, next, offset, all);
    }

    Place withStarted(String time) {
        return new Place(kind, since, time, next, offset, parents);
    }

    Place withNext(String page, long items) {
        return new Place(kind, since, started, page, offset + items, parents);
    }

    boolean isOfChanges() {
        return kind != Kind.ALL;
    }

    boolean hasMoreParents() {
        return parents != null && parents.size() > 1;
    }

    Place nextParent() {
        List<String> left = parents == null ? List.of() : parents.subList(1, parents.size());
        return new Place(kind, since, started, "", 0, left);
    }

    @Override
    public String toString() {
        ObjectNode json = Api.object().put("list", kind.name());
        if (!since.isEmpty()) {
            json.put("since", since);
        }
        if (!started.isEmpty()) {
            json.put("started", started);
        }
        if (!next.isEmpty()) {
            json.put("next", next);
        }
        if (offset > 0) {
            json.put("offset", offset);
        }
        if (parents != null) {
            parents.forEach(json.putArray("parents")::add);
        }
        return json.toString();
    }
}
