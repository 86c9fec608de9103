package dev.plinth.providers.openai;

import org.jspecify.annotations.Nullable;

/**
 * How a server says Chat Completions.
 *
 * @param maxTokens the field of the limit of tokens
 * @param seed the field of the seed
 * @param demand the tool choice that demands some tool
 * @param usageInStreams whether usage has to be asked for in streams, and may be
 * @param proofs whether Google's proofs of thoughts stand beside the calls they led to
 * @param shortToolIds whether the ids of tool calls have to be nine letters and digits
 * @param reasoningField the field in which earlier reasoning is sent back; null: it is left out
 * @param effort how the reasoning effort is said
 * @param dimensions the field of the length of embeddings
 */
record Dialect(
        String maxTokens,
        String seed,
        String demand,
        boolean usageInStreams,
        boolean proofs,
        boolean shortToolIds,
        @Nullable String reasoningField,
        Effort effort,
        String dimensions) {

    /** How the reasoning effort is said. */
    enum Effort {
        /** {@code "reasoning_effort": "low"}. */
        FIELD,
        /** {@code "reasoning": {"effort": "low"}}. */
        OBJECT
    }

    static final Dialect OPEN_AI = new Dialect(
            "max_completion_tokens", "seed", "required", true, false, false, null, Effort.FIELD, "dimensions");

    /** What servers had before OpenAI renamed the limit, and most still have. */
    static final Dialect COMPATIBLE = OPEN_AI.withMaxTokens("max_tokens");

    /** Mistral's: other words for four fields, ids of nine characters, usage without being asked. */
    static final Dialect MISTRAL =
            new Dialect("max_tokens", "random_seed", "any", false, false, true, null, Effort.FIELD, "output_dimension");

    Dialect withMaxTokens(String field) {
        return new Dialect(
                field, seed, demand, usageInStreams, proofs, shortToolIds, reasoningField, effort, dimensions);
    }

    Dialect withoutUsageInStreams() {
        return new Dialect(maxTokens, seed, demand, false, proofs, shortToolIds, reasoningField, effort, dimensions);
    }

    Dialect withProofs() {
        return new Dialect(
                maxTokens, seed, demand, usageInStreams, true, shortToolIds, reasoningField, effort, dimensions);
    }

    Dialect withReasoningField(String field) {
        return new Dialect(maxTokens, seed, demand, usageInStreams, proofs, shortToolIds, field, effort, dimensions);
    }

    Dialect withEffort(Effort form) {
        return new Dialect(
                maxTokens, seed, demand, usageInStreams, proofs, shortToolIds, reasoningField, form, dimensions);
    }
}
