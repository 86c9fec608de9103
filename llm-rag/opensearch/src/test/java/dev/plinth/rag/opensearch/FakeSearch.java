package dev.plinth.rag.opensearch;

import static dev.plinth.rag.opensearch.FakeOpenSearch.check;
import static dev.plinth.rag.opensearch.FakeOpenSearch.known;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.rag.text.Analyzer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The query language of OpenSearch, as far as it is used, over the documents that a search sees. */
final class FakeSearch {
    private final JsonNode fields;
    private final Map<String, JsonNode> documents;

    FakeSearch(JsonNode fields, Map<String, JsonNode> documents) {
        this.fields = fields;
        this.documents = new TreeMap<>(documents);
    }

    JsonNode count(JsonNode body) {
        known(body, "query");
        ObjectNode result =
                Json.object().put("count", scores(body.path("query")).size());
        return result.set("_shards", Json.object().put("failed", 0));
    }

    JsonNode search(JsonNode body) {
        known(body, "query", "size", "_source", "sort", "search_after", "aggs");
        int size = body.path("size").asInt(10);
        check(size <= 10_000, "Result window is too large");
        Map<String, Double> scores = scores(body.path("query"));
        List<String> order = new ArrayList<>(scores.keySet());
        if (body.has("sort")) {
            sort(order, body);
        } else {
            order.sort(Comparator.comparing(id -> -scores.get(id)));
        }
        ArrayNode hits = Json.MAPPER.createArrayNode();
        List<String> wanted = new ArrayList<>();
        body.path("_source").forEach(field -> wanted.add(field.asText()));
        for (String id : order.subList(0, Math.min(size, order.size()))) {
            ObjectNode hit =
                    hits.addObject().put("_id", id).put("_score", scores.get(id).floatValue());
            hit.set("_source", FakeOpenSearch.source(documents.get(id), wanted));
        }
        ObjectNode result = Json.object().put("took", 1).put("timed_out", false);
        result.set("_shards", Json.object().put("failed", 0));
        result.set("hits", Json.object("hits", hits));
        if (body.has("aggs")) {
            result.set("aggregations", Json.object("sources", buckets(body.at("/aggs/sources/terms"), order)));
        }
        return result;
    }

    private void sort(List<String> order, JsonNode body) {
        String field = body.at("/sort/0").asText();
        check(type(field).equals("keyword"), "sort");
        order.removeIf(id -> body.has("search_after")
                && value(id, field).compareTo(body.at("/search_after/0").asText()) <= 0);
        order.sort(Comparator.comparing(id -> value(id, field)));
    }

    private String value(String id, String field) {
        return documents.get(id).path(field).asText();
    }

    private String type(String field) {
        return fields.path(field).path("type").asText();
    }

    private JsonNode buckets(JsonNode terms, List<String> ids) {
        known(terms, "field", "size");
        Map<String, Integer> counts = new TreeMap<>();
        ids.forEach(id -> counts.merge(value(id, terms.path("field").asText()), 1, Integer::sum));
        ArrayNode buckets = Json.MAPPER.createArrayNode();
        counts.forEach((key, count) -> buckets.addObject().put("key", key).put("doc_count", count));
        return Json.object().put("sum_other_doc_count", 0).set("buckets", buckets);
    }

    /** The documents that pass, with their scores. */
    private Map<String, Double> scores(JsonNode query) {
        check(query.size() == 1, "query");
        String kind = query.fieldNames().next();
        JsonNode body = query.path(kind);
        return switch (kind) {
            case "match_all" -> constant(documents.keySet());
            case "term" -> having(body, List.of(body.elements().next()));
            case "terms" -> having(body, body.elements().next());
            case "range" -> between(body);
            case "match" -> matching(body);
            case "knn" -> nearest(body);
            case "bool" -> bool(body);
            default -> throw new FakeOpenSearch.Refused(400, "parsing_exception", "unknown query [" + kind + "]");
        };
    }

    private static Map<String, Double> constant(Iterable<String> ids) {
        Map<String, Double> scores = new LinkedHashMap<>();
        ids.forEach(id -> scores.put(id, 1.0));
        return scores;
    }

    private List<String> terms(String id, String field) {
        check(type(field).equals("keyword"), "a keyword");
        List<String> terms = new ArrayList<>();
        JsonNode value = documents.get(id).path(field);
        (value.isArray() ? value : Json.array(List.of(value))).forEach(each -> terms.add(each.asText()));
        return terms;
    }

    private Map<String, Double> having(JsonNode body, Iterable<JsonNode> wanted) {
        String field = body.fieldNames().next();
        check(body.size() == 1, "one field");
        List<String> any = new ArrayList<>();
        wanted.forEach(each -> any.add(each.asText()));
        check(any.size() <= 65_536, "The number of terms exceeds the allowed maximum");
        Map<String, Double> scores = constant(documents.keySet());
        scores.keySet().removeIf(id -> Collections.disjoint(terms(id, field), any));
        return scores;
    }

    private Map<String, Double> between(JsonNode body) {
        String field = body.fieldNames().next();
        JsonNode bounds = body.path(field);
        known(bounds, "gte", "lt");
        Map<String, Double> scores = constant(documents.keySet());
        scores.keySet()
                .removeIf(id -> terms(id, field).stream()
                        .noneMatch(term -> term.compareTo(bounds.path("gte").asText()) >= 0
                                && term.compareTo(bounds.path("lt").asText()) < 0));
        return scores;
    }

    private Map<String, Double> bool(JsonNode body) {
        known(body, "must", "filter", "should", "must_not");
        Map<String, Double> scores = constant(documents.keySet());
        if (body.has("must")) {
            scores = scores(body.path("must"));
        }
        for (JsonNode filter : body.path("filter")) {
            scores.keySet().retainAll(scores(filter).keySet());
        }
        for (JsonNode not : body.path("must_not")) {
            scores.keySet().removeAll(scores(not).keySet());
        }
        if (body.has("should")) {
            LinkedHashSet<String> either = new LinkedHashSet<>();
            body.path("should").forEach(one -> either.addAll(scores(one).keySet()));
            scores.keySet().retainAll(either);
        }
        return scores;
    }

    /** BM25. */
    private Map<String, Double> matching(JsonNode body) {
        String field = body.fieldNames().next();
        check(type(field).equals("text") && body.path(field).isTextual(), "match");
        String analyzerName = fields.path(field).path("analyzer").asText();
        Analyzer analyzer = analyzerName.equals("english") ? Analyzer.english() : Analyzer.plain();
        Map<String, List<String>> words = new TreeMap<>();
        documents.forEach((id, document) -> {
            if (document.has(field)) {
                words.put(id, analyzer.terms(document.path(field).asText()));
            }
        });
        double average = words.values().stream().mapToInt(List::size).average().orElse(1);
        Map<String, Double> scores = new LinkedHashMap<>();
        for (String word : new LinkedHashSet<>(analyzer.terms(body.path(field).asText()))) {
            long having =
                    words.values().stream().filter(list -> list.contains(word)).count();
            double idf = Math.log(1 + (words.size() - having + 0.5) / (having + 0.5));
            words.forEach((id, list) -> {
                int often = Collections.frequency(list, word);
                double score = idf * often / (often + 0.9 * (0.6 + 0.4 * list.size() / average));
                if (often > 0) {
                    scores.merge(id, score, Double::sum);
                }
            });
        }
        return scores;
    }

    /** Half of one and the cosine, of the documents that pass the filter. */
    private Map<String, Double> nearest(JsonNode body) {
        String field = body.fieldNames().next();
        JsonNode knn = body.path(field);
        known(knn, "vector", "k", "filter");
        check(type(field).equals("knn_vector"), "knn");
        check(knn.path("k").asInt() >= 1 && knn.path("k").asInt() <= 10_000, "k");
        check(knn.path("vector").size() == fields.path(field).path("dimension").asInt(), "dimension");
        Map<String, Double> all = scores(knn.path("filter"));
        all.keySet().removeIf(id -> !documents.get(id).has(field));
        all.replaceAll(
                (id, score) -> (1 + cosine(knn.path("vector"), documents.get(id).path(field))) / 2);
        List<String> order = new ArrayList<>(all.keySet());
        order.sort(Comparator.comparing(id -> -all.get(id)));
        all.keySet()
                .retainAll(order.subList(0, Math.min(order.size(), knn.path("k").asInt())));
        return all;
    }

    private static double cosine(JsonNode one, JsonNode other) {
        double dot = 0;
        double oneSquared = 0;
        double otherSquared = 0;
        for (int i = 0; i < one.size(); i++) {
            dot += one.get(i).asDouble() * other.get(i).asDouble();
            oneSquared += one.get(i).asDouble() * one.get(i).asDouble();
            otherSquared += other.get(i).asDouble() * other.get(i).asDouble();
        }
        return dot / Math.sqrt(oneSquared * otherSquared);
    }
}
