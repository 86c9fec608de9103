package dev.plinth.tracing;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanBuilder;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the versions of the conventions call differently, and what only one of them knows; the rest is in {@link GenAi}.
 *
 * @param cacheWriteTokens input tokens that were written to the provider's cache
 * @param promptName the name of a registered prompt
 * @param promptVersion the version of a registered prompt
 * @param reasoningLevel how hard the model is to think; null: has no name
 * @param retrievalTopK says on a span how many documents a retrieval asks for
 * @param finishReasonInMessages whether an output message says why it ended; else the span alone does
 * @param providerInDetails whether the event that has the content says who served the model
 */
record Vocabulary(
        AttributeKey<Long> cacheWriteTokens,
        AttributeKey<String> promptName,
        AttributeKey<String> promptVersion,
        @Nullable AttributeKey<String> reasoningLevel,
        ObjIntConsumer<SpanBuilder> retrievalTopK,
        boolean finishReasonInMessages,
        boolean providerInDetails) {

    static Vocabulary of(Conventions conventions) {
        return switch (conventions) {
            case V1_41 ->
                new Vocabulary(
                        longKey("gen_ai.usage.cache_creation.input_tokens"),
                        PlinthAttributes.PROMPT_NAME,
                        PlinthAttributes.PROMPT_VERSION,
                        null,
                        (span, k) -> span.setAttribute("gen_ai.request.top_k", (double) k),
                        true,
                        false);
            case GENAI_0_1 ->
                new Vocabulary(
                        longKey("gen_ai.usage.cache_write.input_tokens"),
                        stringKey("gen_ai.prompt.name"),
                        stringKey("gen_ai.prompt.version"),
                        stringKey("gen_ai.request.reasoning.level"),
                        (span, k) -> span.setAttribute("gen_ai.retrieval.top_k", (long) k),
                        false,
                        true);
        };
    }
}
