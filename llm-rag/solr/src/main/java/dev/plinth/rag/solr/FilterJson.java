package dev.plinth.rag.solr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.rag.index.FactTerms;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A filter as a query of Solr. All that it names becomes {@link FactTerms}, which are letters and digits. */
final class FilterJson {
    private static final JsonNode EVERYTHING = new TextNode("*:*");

    private FilterJson() {}

    static JsonNode of(Filter filter) {
        Optional<Set<String>> terms = FactTerms.anyOf(filter);
        if (terms.isPresent()) {
            return terms(Fields.FACTS, terms.get());
        }
        if (filter instanceof Filter.Compare compare) {
            FactTerms.Range range = FactTerms.between(compare);
            return query(
                    "lucene",
                    Json.object()
                            .put("query", Fields.FACTS + ":[\"" + range.from() + "\" TO \"" + range.until() + "\"}"));
        }
        if (filter instanceof Filter.And and) {
            return query("bool", Json.object().set("must", all(and.filters())));
        }
        if (filter instanceof Filter.Or or) {
            return query("bool", Json.object().set("should", all(or.filters())));
        }
        if (filter instanceof Filter.Not not) {
            ObjectNode opposite = Json.object().set("must", EVERYTHING);
            return query("bool", opposite.set("must_not", of(not.filter())));
        }
        return EVERYTHING;
    }

    private static JsonNode all(List<Filter> filters) {
        return Json.array(filters.stream().map(FilterJson::of).toList());
    }

    /** Those that have one of these terms, however many they are. */
    static JsonNode terms(String field, Iterable<String> terms) {
        return query("terms", Json.object().put("f", field).put("query", String.join(",", terms)));
    }

    private static JsonNode query(String parser, JsonNode parameters) {
        return Json.object().set(parser, parameters);
    }
}
