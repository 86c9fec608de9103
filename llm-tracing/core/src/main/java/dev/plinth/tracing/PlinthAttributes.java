package dev.plinth.tracing;

import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringArrayKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.AttributeKey;
import java.util.List;

/**
 * The names of Plinth's own attributes, for what OpenTelemetry's conventions have no name: for dashboards, samplers and
 * processors. Amounts of money are floating-point numbers, so that back ends can add them up; for exact sums there are
 * the interaction and the ledger.
 */
public final class PlinthAttributes {

    /** The interaction a span belongs to; on all spans that belong to one. */
    public static final AttributeKey<String> INTERACTION_ID = stringKey("plinth.interaction.id");

    /** What kind of interaction it was, such as {@code ask}; on metrics. */
    public static final AttributeKey<String> INTERACTION_NAME = stringKey("plinth.interaction.name");

    /** How many calls an interaction made, ended or not; on its span, as are its totals. */
    public static final AttributeKey<Long> INTERACTION_CALLS = longKey("plinth.interaction.calls");

    /** The input tokens of all calls of an interaction; absent when one is not known or still open. */
    public static final AttributeKey<Long> INTERACTION_INPUT_TOKENS = longKey("plinth.interaction.input_tokens");

    /** The output tokens of all calls of an interaction; absent when one is not known or still open. */
    public static final AttributeKey<Long> INTERACTION_OUTPUT_TOKENS = longKey("plinth.interaction.output_tokens");

    /** What all calls of an interaction cost; absent when one is not known or still open. */
    public static final AttributeKey<Double> INTERACTION_COST_AMOUNT = doubleKey("plinth.interaction.cost.amount");

    /** The calling application. */
    public static final AttributeKey<String> APPLICATION = stringKey("plinth.application");

    /** The team that owns the application. */
    public static final AttributeKey<String> TEAM = stringKey("plinth.team");

    /** The registered use case. */
    public static final AttributeKey<String> USE_CASE = stringKey("plinth.use_case");

    /** The registered prompt, where the conventions have no name for it. */
    public static final AttributeKey<String> PROMPT_NAME = stringKey("plinth.prompt.name");

    /** The version of the registered prompt, where the conventions have no name for it. */
    public static final AttributeKey<String> PROMPT_VERSION = stringKey("plinth.prompt.version");

    /** What this call cost, without its children; absent when not known. */
    public static final AttributeKey<Double> COST_AMOUNT = doubleKey("plinth.cost.amount");

    /** The currency of all amounts of the span, such as {@code USD}. */
    public static final AttributeKey<String> COST_CURRENCY = stringKey("plinth.cost.currency");

    /** The day of the price list, such as {@code 2026-11-01}. */
    public static final AttributeKey<String> COST_PRICE_DATE = stringKey("plinth.cost.price_date");

    /** Whether the answer came out of a cache of the application. */
    public static final AttributeKey<Boolean> CACHED = booleanKey("plinth.cached");

    /** Set when the caller gave the call up, which is no error. */
    public static final AttributeKey<Boolean> CANCELLED = booleanKey("plinth.cancelled");

    /** Set when another instrumentation tells model and tokens of the call, on a span within. */
    public static final AttributeKey<Boolean> REPORTED_ELSEWHERE = booleanKey("plinth.reported_elsewhere");

    /** Set when the token counts are not the provider's own. */
    public static final AttributeKey<Boolean> USAGE_ESTIMATED = booleanKey("plinth.usage.estimated");

    /** What was searched; on metrics. */
    public static final AttributeKey<String> RETRIEVAL_SOURCE = stringKey("plinth.retrieval.source");

    /** How many chunks a retrieval found. */
    public static final AttributeKey<Long> RETRIEVAL_FOUND = longKey("plinth.retrieval.found");

    /** What was searched for instead of the query as it was asked, one query a line; content. */
    public static final AttributeKey<String> RETRIEVAL_QUERIES = stringKey("plinth.retrieval.queries");

    /** How many documents were to be reranked. */
    public static final AttributeKey<Long> RERANK_DOCUMENTS = longKey("plinth.rerank.documents");

    /** What a layer did, such as {@code cache} or {@code guardrail}; on the spans of steps. */
    public static final AttributeKey<String> STEP_KIND = stringKey("plinth.step.kind");

    /** Which cache or rule did it. */
    public static final AttributeKey<String> STEP_NAME = stringKey("plinth.step.name");

    /** What came of it: {@code hit}, {@code shared}, {@code miss}; {@code passed}, {@code changed}, {@code blocked}. */
    public static final AttributeKey<String> STEP_OUTCOME = stringKey("plinth.step.outcome");

    /** What a guardrail checked: {@code input} or {@code output}. */
    public static final AttributeKey<String> GUARDRAIL_SIDE = stringKey("plinth.guardrail.side");

    /** How many of each kind a guardrail found, such as {@code email=2}. */
    public static final AttributeKey<List<String>> GUARDRAIL_FINDINGS = stringArrayKey("plinth.guardrail.findings");

    /** Which tokens a cache saved, {@code input} or {@code output}; on metrics. */
    public static final AttributeKey<String> SAVED_TOKEN_TYPE = stringKey("plinth.cache.saved.token.type");

    /** The input tokens a cache saved. */
    public static final AttributeKey<Long> SAVED_INPUT_TOKENS = longKey("plinth.cache.saved.input_tokens");

    /** The output tokens a cache saved. */
    public static final AttributeKey<Long> SAVED_OUTPUT_TOKENS = longKey("plinth.cache.saved.output_tokens");

    /** What a cache saved, in the currency of the span. */
    public static final AttributeKey<Double> SAVED_COST_AMOUNT = doubleKey("plinth.cache.saved.cost.amount");

    /** The number of a try, from 1; on the spans of attempts. */
    public static final AttributeKey<Long> ATTEMPT_NUMBER = longKey("plinth.attempt.number");

    /** The router's name of where a call or a try went. */
    public static final AttributeKey<String> ROUTE_DEPLOYMENT = stringKey("plinth.route.deployment");

    /** Why it went there, such as {@code fallback from eu-west: rate_limited}. */
    public static final AttributeKey<String> ROUTE_WHY = stringKey("plinth.route.why");

    /** The model a try asked for. Not the conventions' name: a back end that counts calls must not count tries. */
    public static final AttributeKey<String> ATTEMPT_MODEL = stringKey("plinth.attempt.model");

    /** The provider a try asked. */
    public static final AttributeKey<String> ATTEMPT_PROVIDER = stringKey("plinth.attempt.provider");

    /** The input tokens of a try. */
    public static final AttributeKey<Long> ATTEMPT_INPUT_TOKENS = longKey("plinth.attempt.input_tokens");

    /** The output tokens of a try. */
    public static final AttributeKey<Long> ATTEMPT_OUTPUT_TOKENS = longKey("plinth.attempt.output_tokens");

    /** What a try cost. */
    public static final AttributeKey<Double> ATTEMPT_COST_AMOUNT = doubleKey("plinth.attempt.cost.amount");

    /** How many messages a request had; with counts instead of content, as the next ones. */
    public static final AttributeKey<Long> CONTENT_INPUT_MESSAGES = longKey("plinth.content.input.messages");

    /** How many characters went in. */
    public static final AttributeKey<Long> CONTENT_INPUT_CHARACTERS = longKey("plinth.content.input.characters");

    /** How many characters came out. */
    public static final AttributeKey<Long> CONTENT_OUTPUT_CHARACTERS = longKey("plinth.content.output.characters");

    /** How many tools the model was told of. */
    public static final AttributeKey<Long> CONTENT_TOOLS = longKey("plinth.content.tools");

    /** Why content is not there although it was to be captured, such as {@code redactor_failed}. */
    public static final AttributeKey<String> CONTENT_WITHHELD = stringKey("plinth.content.withheld");

    /** Where the content is that is not in the trace. */
    public static final AttributeKey<String> CONTENT_REFERENCE = stringKey("plinth.content.reference");

    /** For how many traces this one stands, since others like it were not kept; absent: for itself alone. */
    public static final AttributeKey<Double> SAMPLING_WEIGHT = doubleKey("plinth.sampling.weight");

    /** The chunk that was judged; on evaluation results. */
    public static final AttributeKey<String> CHUNK_ID = stringKey("plinth.chunk.id");

    /** What was judged for; on metrics. */
    public static final AttributeKey<String> SCORE_NAME = stringKey("plinth.score.name");

    /** Who judged: {@code human}, {@code model} or {@code code}; on evaluation results. */
    public static final AttributeKey<String> SCORE_ANNOTATOR = stringKey("plinth.score.annotator");

    /** What a judgement comes to: {@code pass}, {@code fail} or {@code undecided}; on evaluation results. */
    public static final AttributeKey<String> SCORE_OUTCOME = stringKey("plinth.score.outcome");

    private PlinthAttributes() {}
}
