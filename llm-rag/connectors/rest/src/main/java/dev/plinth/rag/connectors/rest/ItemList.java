package dev.plinth.rag.connectors.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector.Item;
import dev.plinth.api.retrieval.Connector.Page;
import dev.plinth.api.retrieval.Connector.Skipped;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.rag.text.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The list of the items, as an API pages it. Thread-safe. */
final class ItemList {
    private final TemplateFile template;
    private final Paging pages;
    private final @Nullable Paging parents;
    private final ObjectNode parameters;
    private final Supplier<ItemReaders> readers;
    private final ItemText text;

    /** @param parameters the context of every request */
    ItemList(
            TemplateFile template,
            Api api,
            int limit,
            ObjectNode parameters,
            Supplier<ItemReaders> readers,
            ItemText text) {
        this.template = template;
        this.pages = new Paging(api, template.list(), limit);
        this.parents = template.parents() == null
                ? null
                : new Paging(api, template.parents().list(), limit);
        this.parameters = parameters;
        this.readers = readers;
        this.text = text;
    }

    Page page(Place from) {
        Place place = begun(from);
        boolean complete = template.listsAll() && !place.isOfChanges();
        if (place.parents() != null && place.parents().isEmpty()) {
            return new Page(List.of(), List.of(), List.of(), null, since(place, Api.object()), complete, -1);
        }
        ObjectNode context = context(place);
        Paging.Slice slice = slice(place, context);
        ItemReaders whoMayRead = readers.get();
        Instant latest = Instant.MIN;
        boolean reachedOld = false;
        List<Skipped> skipped = new ArrayList<>();
        Map<String, Optional<Item>> listed = new LinkedHashMap<>(); // empty: it is gone. The last of an id counts
        for (JsonNode each : slice.items()) {
            ObjectNode item = with(context, each);
            Optional<Instant> changed = changed(item);
            latest = changed.filter(latest::isBefore).orElse(latest);
            reachedOld |= isOld(place, changed);
            if (isOld(place, changed)) {
                continue;
            }
            String id = id(item);
            boolean read = isDocument(item) && text.accepts(item);
            if (isDocument(item) && !read) {
                skipped.add(new Skipped(id, "no kind of file that is read"));
            }
            listed.put(
                    id,
                    read
                            ? Optional.of(new Item(id, version(item, each, whoMayRead)))
                            : Optional.empty()); // perhaps it was one
        }
        Place now = place.started().isEmpty() ? place.withStarted(started(slice, latest)) : place;
        Place next = next(now, slice, reachedOld);
        return new Page(
                listed.values().stream().flatMap(Optional::stream).toList(),
                tellsWhatIsGone(complete) ? gone(listed) : List.of(),
                skipped,
                next == null ? null : next.toString(),
                next == null ? since(now, slice.body()) : null,
                complete,
                -1);
    }

    /** By delta links an item may go while everything is listed. */
    private boolean tellsWhatIsGone(boolean complete) {
        return !complete || template.changes() != null && template.changes().link() != null;
    }

    private static List<String> gone(Map<String, Optional<Item>> listed) {
        return listed.entrySet().stream()
                .filter(one -> one.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * What is changed later than this is not in the pages that went before: as the server says, else the latest change on
     * the first page.
     */
    private static String started(Paging.Slice slice, Instant latest) {
        Optional<Instant> date = Times.parse(slice.date());
        return latest.equals(Instant.MIN)
                ? date.map(Instant::toString).orElse("")
                : date.orElse(latest).toString();
    }

    private Place begun(Place place) {
        TemplateFile.Parents by = template.parents();
        if (parents == null || by == null || place.parents() != null) {
            return place.begun();
        }
        List<String> all = parents.all(parameters).stream()
                .flatMap(parent -> Fields.texts(parent, by.id()).stream())
                .toList();
        return place.begun().by(all);
    }

    private ObjectNode context(Place place) {
        ObjectNode context = parameters.deepCopy();
        if (place.parents() != null) {
            context.put("$parent", place.parents().get(0));
        }
        TemplateFile.Changes changes = template.changes();
        if (changes != null && changes.format() != null) {
            String format = changes.format();
            String first = changes.first() == null ? "" : changes.first();
            context.put(
                    "$since",
                    start(place).map(time -> Times.format(time, format)).orElse(first));
        }
        return context;
    }

    /** From when on something is a change; empty: everything is listed. */
    private Optional<Instant> start(Place place) {
        TemplateFile.Changes changes = template.changes();
        Duration overlap = changes == null || changes.overlap() == null ? Duration.ZERO : changes.overlap();
        return place.asksSince() ? Times.parse(place.since()).map(time -> time.minus(overlap)) : Optional.empty();
    }

    private Paging.Slice slice(Place place, ObjectNode context) {
        boolean atLink = place.isOfChanges()
                && place.step().next().isEmpty()
                && template.changes() != null
                && template.changes().link() != null;
        return atLink ? pages.at(place.since()) : pages.page(context, place.step());
    }

    private Optional<Instant> changed(JsonNode item) {
        TemplateFile.Changes changes = template.changes();
        return changes == null || changes.field() == null
                ? Optional.empty()
                : Fields.texts(item, changes.field()).stream().findFirst().flatMap(Times::parse);
    }

    /** Of a list by time, the newest first, the rest is not needed once it gets to what was known. */
    private boolean isOld(Place place, Optional<Instant> changed) {
        TemplateFile.Changes changes = template.changes();
        return changes != null
                && changes.newestFirst()
                && start(place).flatMap(start -> changed.filter(start::isAfter)).isPresent();
    }

    boolean isDocument(JsonNode item) {
        TemplateFile.ItemSpec spec = template.item();
        return (spec.only() == null || Fields.holds(item, spec.only()))
                && (spec.not() == null || !Fields.holds(item, spec.not()))
                && (spec.deleted() == null || !Fields.holds(item, spec.deleted()));
    }

    String id(JsonNode item) {
        List<String> parts = new ArrayList<>();
        for (String path : template.item().id()) {
            parts.add(Fields.texts(item, path).stream()
                    .findFirst()
                    .orElseThrow(() -> new StoreException("item: without " + path + " (expected: a part of its id)")));
        }
        return ItemId.of(parts);
    }

    /** Changes with who may read, too. */
    private String version(ObjectNode item, JsonNode listed, ItemReaders whoMayRead) {
        String own = template.item().version() == null
                ? ""
                : Fields.fill(template.item().version(), item);
        String version = own.isBlank() ? Sha256.of(List.of(listed.toString())).substring(0, 24) : own;
        if (template.readers() == null) {
            return version;
        }
        Readers names = whoMayRead.of(withParts(item, id(item)));
        return version + "#" + Sha256.of(new TreeSet<>(names.names())).substring(0, 12);
    }

    /** An item with what requests may name. */
    ObjectNode with(ObjectNode context, JsonNode item) {
        ObjectNode all = context.deepCopy();
        for (Map.Entry<String, JsonNode> field : item.properties()) {
            if (!field.getKey().startsWith("$")) { // those are for this side to say
                all.set(field.getKey(), field.getValue());
            }
        }
        return all;
    }

    /** The parts of an id, and of the parent where it is one of them; null: it has not as many parts. */
    @Nullable
    ObjectNode contextOf(String id) {
        List<String> paths = template.item().id();
        List<String> parts = ItemId.parts(id, paths.size());
        if (parts.size() != paths.size()) {
            return null;
        }
        ObjectNode context = withParts(parameters.deepCopy(), id);
        int parent = paths.indexOf("$parent");
        return parent < 0 ? context : context.put("$parent", parts.get(parent));
    }

    private ObjectNode withParts(ObjectNode context, String id) {
        ItemId.parts(id, template.item().id().size()).forEach(context.putArray("$id")::add);
        return context;
    }

    private static @Nullable Place next(Place place, Paging.Slice slice, boolean reachedOld) {
        if (slice.next() != null && !reachedOld) {
            return place.with(slice.next());
        }
        return place.hasMoreParents() ? place.nextParent() : null;
    }

    private @Nullable String since(Place place, JsonNode body) {
        TemplateFile.Changes changes = template.changes();
        if (changes == null) {
            return null;
        }
        String link =
                changes.link() == null ? "" : Fields.first(body, changes.link()).asText("");
        String since = changes.link() != null ? link : later(place);
        return since.isEmpty() ? null : Place.since(since, place.knownNow()).toString();
    }

    private static String later(Place place) {
        Optional<Instant> started = Times.parse(place.started());
        boolean older = Times.parse(place.since()).isPresent()
                && (started.isEmpty() || started.get().isBefore(Instant.parse(place.since())));
        return older ? place.since() : place.started();
    }
}
