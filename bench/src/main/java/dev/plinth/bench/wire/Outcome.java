package dev.plinth.bench.wire;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.tokens.TokenCount;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What came of a call: one of these, the others null.
 *
 * @param value a {@link ChatResponse}, {@link EmbeddingResponse}, {@link RerankResponse}, {@link TokenCount} or whatever
 *     else the adapter returns
 */
record Outcome(@Nullable Object value, @Nullable LlmException error) {

    static Outcome of(Supplier<?> call) {
        try {
            return new Outcome(call.get(), null);
        } catch (LlmException error) {
            return new Outcome(null, error);
        }
    }
}
