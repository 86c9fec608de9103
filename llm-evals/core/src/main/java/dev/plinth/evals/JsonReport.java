package dev.plinth.evals;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.score.Score;
import java.util.Map;

/** A result for programs; docs/formats/eval-report.schema.json describes it. */
final class JsonReport {

    private JsonReport() {}

    static String of(ExperimentResult result) {
        ObjectNode report = Json.MAPPER.createObjectNode();
        report.put("experiment", result.name());
        report.put("suite", result.suite());
        report.put("startedAt", result.startedAt().toString());
        report.put("durationMillis", result.duration().toMillis());
        addCounts(report.putObject("cases"), result.counts());
        ObjectNode evaluators = report.putObject("evaluators");
        for (Map.Entry<String, Counts> each : result.countsByEvaluator().entrySet()) {
            addCounts(evaluators.putObject(each.getKey()), each.getValue());
        }
        ArrayNode results = report.putArray("results");
        result.cases().forEach(evalCase -> addCase(results.addObject(), evalCase));
        return report.toPrettyString();
    }

    private static void addCounts(ObjectNode json, Counts counts) {
        json.put("passed", counts.passed());
        json.put("failed", counts.failed());
        json.put("undecided", counts.undecided());
        json.put("errors", counts.errors());
        counts.passRate().rate().ifPresent(rate -> json.put("passRate", rate));
        Proportion.Interval interval = counts.passRate().wilson95();
        json.put("low95", interval.low());
        json.put("high95", interval.high());
    }

    private static void addCase(ObjectNode json, CaseResult result) {
        EvalCase evalCase = result.evalCase();
        json.put("id", evalCase.id());
        json.put("verdict", result.verdict().name());
        json.put("input", evalCase.input());
        evalCase.expected().ifPresent(expected -> json.put("expected", expected));
        ArrayNode tags = json.putArray("tags");
        evalCase.tags().forEach(tags::add);
        ArrayNode trials = json.putArray("trials");
        result.trials().forEach(trial -> addTrial(trials.addObject(), trial));
    }

    private static void addTrial(ObjectNode json, Trial trial) {
        json.put("verdict", trial.verdict().name());
        json.put("durationMillis", trial.duration().toMillis());
        trial.output().ifPresent(output -> json.put("output", output));
        trial.error().ifPresent(error -> addError(json.putObject("error"), error));
        ArrayNode scores = json.putArray("scores");
        trial.scores().forEach(score -> addScore(scores.addObject(), score));
    }

    private static void addScore(ObjectNode json, Score score) {
        json.put("name", score.name());
        json.put("outcome", score.outcome().name());
        score.value().ifPresent(value -> json.put("value", value));
        score.label().ifPresent(label -> json.put("label", label));
        score.explanation().ifPresent(why -> json.put("explanation", why));
        ObjectNode annotator = json.putObject("annotator");
        annotator.put("kind", score.annotator().kind().name());
        annotator.put("name", score.annotator().name());
    }

    private static void addError(ObjectNode json, RuntimeException error) {
        json.put("type", error.getClass().getName());
        if (error instanceof LlmException known) {
            json.put("code", known.code());
        }
        json.put("message", error.getMessage());
    }
}
