package dev.plinth.providers.llamacpp;

import org.jspecify.annotations.Nullable;

/**
 * What an engine is asked for: how to go on from a prompt. What is null is left to the engine.
 *
 * @param prompt as the model reads it, control tokens included
 * @param grammar in GBNF
 * @param maxTokens the most tokens to generate; null: as many as the context holds
 * @param seed equal seeds give equal answers
 */
record Job(
        String prompt,
        @Nullable String grammar,
        @Nullable Integer maxTokens,
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Integer topK,
        @Nullable Double minP,
        @Nullable Double repeatPenalty,
        @Nullable Integer seed) {}
