package dev.plinth.evals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.check.Check;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Cases and evaluators as JSON; docs/formats/eval-case.schema.json describes the same. */
final class CaseReader {

    private static final Set<String> CASE_FIELDS =
            new TreeSet<>(List.of("id", "input", "expected", "tags", "metadata", "evaluators"));
    private static final Set<String> EXACT_FIELDS = new TreeSet<>(List.of("type", "normalize", "not"));
    private static final Set<String> CONTAINS_FIELDS = new TreeSet<>(List.of("type", "text", "normalize", "not"));
    private static final Set<String> REGEX_FIELDS = new TreeSet<>(List.of("type", "pattern", "not"));

    private CaseReader() {}

    static EvalCase read(ObjectNode json) {
        Json.checkFields(json, CASE_FIELDS);
        EvalCase.Builder builder = EvalCase.builder(Json.text(json, "id"), Json.text(json, "input"));
        String expected = Json.optionalText(json, "expected");
        if (expected != null) {
            builder.expected(expected);
        }
        Json.texts(json, "tags").forEach(builder::tag);
        readMetadata(json.path("metadata"), builder);
        readEvaluators(json.path("evaluators"), expected != null, builder);
        return builder.build();
    }

    private static void readMetadata(JsonNode metadata, EvalCase.Builder builder) {
        Check.that(metadata.isMissingNode() || metadata.isObject(), "metadata", metadata.getNodeType(), "an object");
        metadata.fieldNames().forEachRemaining(key -> builder.metadata(key, Json.text(metadata, key)));
    }

    private static void readEvaluators(JsonNode evaluators, boolean expects, EvalCase.Builder builder) {
        if (evaluators.isMissingNode()) {
            if (expects) {
                builder.evaluator(Evaluators.exactMatch());
            }
            return;
        }
        Check.that(evaluators.isArray(), "evaluators", evaluators.getNodeType(), "an array of objects");
        for (JsonNode evaluator : evaluators) {
            Check.that(evaluator.isObject(), "evaluators", evaluator.getNodeType(), "an array of objects");
            Evaluator positive = readEvaluator(evaluator, expects);
            builder.evaluator(readFlag(evaluator, "not") ? Evaluators.not(positive) : positive);
        }
    }

    private static Evaluator readEvaluator(JsonNode json, boolean expects) {
        String type = Json.text(json, "type");
        switch (type) {
            case "exact-match":
                Json.checkFields(json, EXACT_FIELDS);
                Check.that(expects, "expected", "missing", "present, for " + type);
                return Evaluators.exactMatch(readNormalization(json));
            case "contains":
                Json.checkFields(json, CONTAINS_FIELDS);
                String text = Json.optionalText(json, "text");
                Check.that(expects || text != null, "expected", "missing", "present, for " + type + " without text");
                return text == null
                        ? Evaluators.containsExpected(readNormalization(json))
                        : Evaluators.contains(text, readNormalization(json));
            case "regex":
                Json.checkFields(json, REGEX_FIELDS);
                return Evaluators.regex(Json.text(json, "pattern"));
            default:
                throw new IllegalArgumentException("type: " + type + " (expected: exact-match, contains or regex)");
        }
    }

    private static Normalization[] readNormalization(JsonNode json) {
        Set<Normalization> steps = new LinkedHashSet<>();
        for (String name : Json.texts(json, "normalize")) {
            steps.add(
                    switch (name) {
                        case "case" -> Normalization.CASE;
                        case "nfc" -> Normalization.NFC;
                        case "whitespace" -> Normalization.WHITESPACE;
                        default ->
                            throw new IllegalArgumentException(
                                    "normalize: " + name + " (expected: case, nfc or whitespace)");
                    });
        }
        return steps.toArray(Normalization[]::new);
    }

    private static boolean readFlag(JsonNode json, String field) {
        JsonNode value = json.path(field);
        Check.that(value.isMissingNode() || value.isBoolean(), field, value.getNodeType(), "a boolean");
        return value.booleanValue();
    }
}
