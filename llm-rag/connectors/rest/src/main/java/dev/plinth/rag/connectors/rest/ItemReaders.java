package dev.plinth.rag.connectors.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Readers;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who may read an item, as the API says. Asks once for what is asked for by the same request. Not thread-safe. */
final class ItemReaders {
    private final TemplateFile.@Nullable ReadersSpec spec;
    private final Api api;
    private final @Nullable Paging paging;
    private final Readers otherwise;
    private final Map<String, JsonNode> asked = new HashMap<>();

    /** @param otherwise who may read where the API has nothing to say */
    ItemReaders(TemplateFile template, Api api, int limit, Readers otherwise) {
        this.spec = template.readers();
        this.api = api;
        this.paging = spec == null || spec.list() == null ? null : new Paging(api, spec.list(), limit);
        this.otherwise = otherwise;
    }

    /** @param item with what requests may name */
    Readers of(ObjectNode item) {
        TemplateFile.ReadersSpec known = spec;
        if (known == null) {
            return otherwise;
        }
        JsonNode told = listed(item);
        if (told.isMissingNode()) {
            return Readers.NOBODY;
        }
        List<JsonNode> levels = new ArrayList<>();
        levels.add(Fields.first(told, known.at() == null ? "" : known.at()));
        boolean allSaid = above(known.above(), item, levels);
        if (known.present() != null) {
            String present = known.present();
            allSaid &= levels.stream()
                    .noneMatch(level -> Fields.first(level, present).isMissingNode());
        }
        return allSaid ? common(known, levels) : Readers.NOBODY;
    }

    /** Those who are readers of all that has some; who is named in words that are not known may not read for that. */
    private Readers common(TemplateFile.ReadersSpec spec, List<JsonNode> levels) {
        Set<String> common = null;
        for (JsonNode level : levels) {
            Set<String> names = names(spec, level);
            if (names.isEmpty() && !namesSomebody(spec, level)) {
                continue;
            }
            if (common == null) {
                common = names;
            } else {
                common.retainAll(names);
            }
        }
        if (common == null) {
            return spec.orElse() ? otherwise : Readers.NOBODY;
        }
        return new Readers(common);
    }

    /** Whether there is anything where names are listed. */
    private static boolean namesSomebody(TemplateFile.ReadersSpec spec, JsonNode level) {
        return spec.names().values().stream()
                .flatMap(List::stream)
                .map(path -> path.substring(0, path.lastIndexOf('*') + 1))
                .anyMatch(each -> !each.isEmpty() && !Fields.all(level, each).isEmpty());
    }

    private JsonNode listed(ObjectNode item) {
        Paging list = paging;
        return list == null
                ? item
                : once(
                        list.first(item),
                        () -> orMissing(() -> Api.object()
                                .set("list", Api.object().arrayNode().addAll(list.all(item)))));
    }

    /** Whether the API says of all that the item is inside of who may read it. */
    private boolean above(TemplateFile.@Nullable Above spec, ObjectNode item, List<JsonNode> levels) {
        if (spec == null) {
            return true;
        }
        if (Fields.first(item, spec.ids().split("/", 2)[0]).isMissingNode()) {
            return false;
        }
        for (String id : Fields.texts(item, spec.ids())) {
            HttpRequest request = api.request(spec.request(), item.deepCopy().put("$above", id));
            JsonNode told = once(
                    request.uri().toString(),
                    () -> orMissing(() -> api.json(request).body()));
            if (told.isMissingNode()) {
                return false;
            }
            levels.add(told);
        }
        return true;
    }

    /** Of what may not be seen nobody can tell who may read it: nobody may, and the others are read all the same. */
    private static JsonNode orMissing(Supplier<JsonNode> answer) {
        try {
            return answer.get();
        } catch (StoreException refused) {
            int status = refused.details().httpStatus().orElse(0);
            if (status == 403 || status == 404) {
                return MissingNode.getInstance();
            }
            throw refused;
        }
    }

    private JsonNode once(String what, Supplier<JsonNode> answer) {
        JsonNode known = asked.get(what);
        if (known == null) {
            known = answer.get();
            asked.put(what, known);
        }
        return known;
    }

    private static Set<String> names(TemplateFile.ReadersSpec spec, JsonNode node) {
        Set<String> names = new TreeSet<>();
        spec.names().forEach((kind, paths) -> {
            for (String path : paths) {
                Fields.texts(node, path).forEach(name -> names.add(kind + ":" + name));
            }
        });
        return names;
    }
}
