package dev.plinth.rag.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.rag.index.FactTerms;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A filter as a query of OpenSearch. */
final class FilterJson {
    private FilterJson() {}

    static ObjectNode of(Filter filter) {
        Optional<Set<String>> terms = FactTerms.anyOf(filter);
        if (terms.isPresent()) {
            return Json.object("terms", Json.object(Fields.FACTS, Json.texts(terms.get())));
        }
        if (filter instanceof Filter.Compare compare) {
            FactTerms.Range range = FactTerms.between(compare);
            JsonNode bounds = Json.object("gte", range.from()).put("lt", range.until());
            return Json.object("range", Json.object(Fields.FACTS, bounds));
        }
        if (filter instanceof Filter.And and) {
            return bool("filter", all(and.filters()));
        }
        if (filter instanceof Filter.Or or) {
            return bool("should", all(or.filters()));
        }
        return filter instanceof Filter.Not not
                ? bool("must_not", all(List.of(not.filter())))
                : Json.object("match_all", Json.object());
    }

    private static ArrayNode all(List<Filter> filters) {
        return Json.array(filters.stream().map(FilterJson::of).toList());
    }

    static ObjectNode bool(String occur, ArrayNode queries) {
        return Json.object("bool", Json.object(occur, queries));
    }

    static ObjectNode term(String field, String value) {
        return Json.object("term", Json.object(field, value));
    }
}
