package dev.plinth.tracing;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.metrics.Meter;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the versions of the conventions call differently, and what only one of them knows; the rest is in {@link GenAi}.
 *
 * @param cacheWriteTokens input tokens that were written to the provider's cache
 * @param promptVersion the version of a registered prompt; null: has no name
 * @param reasoningLevel how hard the model is to think; null: has no name
 * @param retrievalTopK how many documents a retrieval asks for; null: has no name of the right type
 * @param meters the metrics
 */
record Vocabulary(
        AttributeKey<Long> cacheWriteTokens,
        @Nullable AttributeKey<String> promptVersion,
        @Nullable AttributeKey<String> reasoningLevel,
        @Nullable AttributeKey<Long> retrievalTopK,
        Function<Meter, CallMeters> meters) {

    static Vocabulary of(Conventions conventions) {
        return switch (conventions) {
            case V1_41 ->
                new Vocabulary(longKey("gen_ai.usage.cache_creation.input_tokens"), null, null, null, MetersV141::new);
            case GENAI_0_1 ->
                new Vocabulary(
                        longKey("gen_ai.usage.cache_write.input_tokens"),
                        stringKey("gen_ai.prompt.version"),
                        stringKey("gen_ai.request.reasoning.level"),
                        longKey("gen_ai.retrieval.top_k"),
                        MetersGenAi01::new);
        };
    }
}
