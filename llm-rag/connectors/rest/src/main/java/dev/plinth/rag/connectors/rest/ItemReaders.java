package dev.plinth.rag.connectors.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.retrieval.Readers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Who may read an item, as the API says. Asks once for what is asked for by the same request. Not thread-safe. */
final class ItemReaders {
    private final TemplateFile.@Nullable ReadersSpec spec;
    private final @Nullable Paging paging;
    private final Readers otherwise;
    private final Map<String, JsonNode> asked = new HashMap<>();

    /** @param otherwise who may read where the API has nothing to say */
    ItemReaders(TemplateFile template, Api api, int limit, Readers otherwise) {
        this.spec = template.readers();
        this.paging = spec == null || spec.list() == null ? null : new Paging(api, spec.list(), limit);
        this.otherwise = otherwise;
    }

    /** @param item with what requests may name */
    Readers of(ObjectNode item) {
        TemplateFile.ReadersSpec known = spec;
        if (known == null) {
            return otherwise;
        }
        List<Set<String>> levels = new ArrayList<>();
        for (String level : known.levels() == null ? List.of("") : known.levels()) {
            for (JsonNode node : Fields.all(source(item), level)) {
                if (known.present() != null
                        && Fields.first(node, known.present()).isMissingNode()) {
                    return Readers.NOBODY;
                }
                levels.add(names(known, node));
            }
        }
        levels.removeIf(Set::isEmpty);
        if (levels.isEmpty()) {
            return known.orElse() ? otherwise : Readers.NOBODY;
        }
        Set<String> all = new TreeSet<>(levels.get(0));
        levels.forEach(all::retainAll);
        return new Readers(all);
    }

    private JsonNode source(ObjectNode item) {
        Paging list = paging;
        if (list == null) {
            return item;
        }
        String who = list.first(item);
        JsonNode known = asked.get(who);
        if (known == null) {
            known = Api.object().set("list", Api.object().arrayNode().addAll(list.all(item)));
            asked.put(who, known);
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
