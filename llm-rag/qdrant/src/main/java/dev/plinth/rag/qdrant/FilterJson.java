package dev.plinth.rag.qdrant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.rag.index.FactTerms;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A filter as a condition of Qdrant. */
final class FilterJson {
    private FilterJson() {}

    /** Of a tenant's chunks. */
    static ObjectNode of(Filter filter, String owner) {
        ArrayNode must = Json.MAPPER.createArrayNode().add(match(Payload.TENANT, owner));
        if (!(filter instanceof Filter.All)) {
            must.add(of(filter));
        }
        return clause("must", must);
    }

    private static JsonNode of(Filter filter) {
        Optional<Set<String>> terms = FactTerms.anyOf(filter);
        if (terms.isPresent()) {
            return field(Payload.FACTS).set("match", Json.object().set("any", Json.texts(terms.get())));
        }
        if (filter instanceof Filter.Compare compare) {
            return nested(compare);
        }
        if (filter instanceof Filter.And and) {
            return clause("must", all(and.filters()));
        }
        if (filter instanceof Filter.Or or) {
            return clause("should", all(or.filters()));
        }
        return filter instanceof Filter.Not not
                ? clause("must_not", all(List.of(not.filter())))
                : match(Payload.FACTS, Payload.ANY);
    }

    private static ArrayNode all(List<Filter> filters) {
        return Json.array(filters.stream().map(FilterJson::of).toList());
    }

    private static JsonNode nested(Filter.Compare compare) {
        ArrayNode must = Json.MAPPER
                .createArrayNode()
                .add(match(Payload.FIELD, Payload.field(compare.field(), compare.value())))
                .add(clause("should", either(compare)));
        ObjectNode nested = Json.object().put("key", Payload.ORDERED);
        nested.set("filter", clause("must", must));
        return Json.object().set("nested", nested);
    }

    /** The first lane that differs is beyond the bound, whichever it is, or none differs. */
    private static ArrayNode either(Filter.Compare compare) {
        boolean below = compare.operator() == Filter.Operator.LT || compare.operator() == Filter.Operator.LE;
        boolean same = compare.operator() == Filter.Operator.LE || compare.operator() == Filter.Operator.GE;
        List<Long> bound = Lanes.bound(compare.value());
        ArrayNode either = Json.MAPPER.createArrayNode();
        ArrayNode before = Json.MAPPER.createArrayNode();
        for (int i = 0; i < bound.size(); i++) {
            ArrayNode beyond = before.deepCopy().add(range(i, below ? "lt" : "gt", bound.get(i)));
            either.add(clause("must", beyond));
            before.add(equal(i, bound.get(i)));
        }
        if (same) {
            either.add(clause("must", before));
        }
        return either;
    }

    private static ObjectNode range(int lane, String operator, long value) {
        return field(Payload.lane(lane)).set("range", Json.object().put(operator, value));
    }

    private static ObjectNode equal(int lane, long value) {
        return field(Payload.lane(lane))
                .set("range", Json.object().put("gte", value).put("lte", value));
    }

    private static ObjectNode match(String key, String value) {
        return field(key).set("match", Json.object().put("value", value));
    }

    private static ObjectNode field(String key) {
        return Json.object().put("key", key);
    }

    private static ObjectNode clause(String name, JsonNode conditions) {
        return Json.object().set(name, conditions);
    }
}
