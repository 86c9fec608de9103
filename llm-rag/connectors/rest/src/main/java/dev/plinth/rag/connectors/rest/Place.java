package dev.plinth.rag.connectors.rest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where a list stands.
 *
 * @param since a time or an address from where changes are told; empty in a list of everything
 * @param started when the list was, by the clock of the API; empty: nobody knows
 * @param step the next page
 * @param parents whose items are still to be listed, the first one now; null: nobody has asked for them yet
 * @param known parents whose items have been listed up to {@code since}, or in this list
 */
record Place(
        Kind kind,
        String since,
        String started,
        Step step,
        @Nullable List<String> parents,
        Set<String> known) {
    private static final JsonMapper MAPPER = new JsonMapper();

    enum Kind {
        ALL,
        /** The start of a list of changes. */
        SINCE,
        CHANGES
    }

    static final Place START = new Place(Kind.ALL, "", "", Step.FIRST, null, Set.of());

    /** @param known the parents that there were */
    static Place since(String since, Set<String> known) {
        return new Place(Kind.SINCE, since, "", Step.FIRST, null, known);
    }

    /** The start for what is no place. */
    static Place parse(@Nullable String cursor) {
        try {
            JsonNode json = cursor == null ? null : MAPPER.readTree(cursor);
            if (json == null || !json.isObject()) {
                return START;
            }
            Step step = new Step(
                    json.path("next").asText(),
                    json.path("pages").asInt(),
                    json.path("mark").asText());
            return new Place(
                    Kind.valueOf(json.path("list").asText()),
                    json.path("since").asText(),
                    json.path("started").asText(),
                    step,
                    json.has("parents") ? texts(json.get("parents")) : null,
                    new TreeSet<>(texts(json.path("known"))));
        } catch (JacksonException | IllegalArgumentException notOurs) {
            return START;
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** The same, asked for now. */
    Place begun() {
        return new Place(kind == Kind.SINCE ? Kind.CHANGES : kind, since, started, step, parents, known);
    }

    /** The same, by these parents. */
    Place by(List<String> all) {
        Set<String> still = new TreeSet<>(known);
        still.retainAll(all);
        return new Place(kind, since, started, step, all, still);
    }

    Place withStarted(String time) {
        return new Place(kind, since, time, step, parents, known);
    }

    Place with(Step next) {
        return new Place(kind, since, started, next, parents, known);
    }

    /** Whether it asks for what has changed since; of a parent that was not there before, everything is listed. */
    boolean asksSince() {
        return isOfChanges() && (parents == null || known.contains(parents.get(0)));
    }

    boolean isOfChanges() {
        return kind != Kind.ALL;
    }

    boolean hasMoreParents() {
        return parents != null && parents.size() > 1;
    }

    Place nextParent() {
        List<String> left = parents == null ? List.of() : parents.subList(1, parents.size());
        return new Place(kind, since, started, Step.FIRST, left, knownNow());
    }

    /** The parents that have been listed when this one has been. */
    Set<String> knownNow() {
        Set<String> all = new TreeSet<>(known);
        if (parents != null && !parents.isEmpty()) {
            all.add(parents.get(0));
        }
        return all;
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
        if (!step.equals(Step.FIRST)) {
            json.put("next", step.next()).put("pages", step.pages()).put("mark", step.mark());
        }
        if (!known.isEmpty()) {
            known.forEach(json.putArray("known")::add);
        }
        if (parents != null) {
            parents.forEach(json.putArray("parents")::add);
        }
        return json.toString();
    }
}
