package dev.plinth.tracing.sdk;

import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;

/** The names of OpenTelemetry's conventions that are read here, of every version. */
final class GenAi {

    static final AttributeKey<String> OPERATION_NAME = stringKey("gen_ai.operation.name");
    static final AttributeKey<String> RESPONSE_ID = stringKey("gen_ai.response.id");
    static final AttributeKey<String> ERROR_TYPE = stringKey("error.type");

    static final AttributeKey<Long> INPUT_TOKENS = longKey("gen_ai.usage.input_tokens");
    static final AttributeKey<Long> OUTPUT_TOKENS = longKey("gen_ai.usage.output_tokens");
    static final AttributeKey<Long> CACHE_READ_TOKENS = longKey("gen_ai.usage.cache_read.input_tokens");
    static final AttributeKey<Long> CACHE_WRITE_TOKENS = longKey("gen_ai.usage.cache_write.input_tokens");
    /** What {@link #CACHE_WRITE_TOKENS} was called before. */
    static final AttributeKey<Long> CACHE_CREATION_TOKENS = longKey("gen_ai.usage.cache_creation.input_tokens");

    static final AttributeKey<Long> REASONING_TOKENS = longKey("gen_ai.usage.reasoning.output_tokens");

    static final String EVALUATION_RESULT = "gen_ai.evaluation.result";
    static final AttributeKey<String> EVALUATION_NAME = stringKey("gen_ai.evaluation.name");
    static final AttributeKey<Double> SCORE_VALUE = doubleKey("gen_ai.evaluation.score.value");
    static final AttributeKey<String> SCORE_LABEL = stringKey("gen_ai.evaluation.score.label");
    static final AttributeKey<String> EXPLANATION = stringKey("gen_ai.evaluation.explanation");

    private GenAi() {}

    /** Whether there is one of them, or of Plinth's. */
    static boolean isIn(Attributes attributes) {
        return attributes.asMap().keySet().stream()
                .map(AttributeKey::getKey)
                .anyMatch(name -> name.startsWith("gen_ai.") || name.startsWith("plinth."));
    }
}
