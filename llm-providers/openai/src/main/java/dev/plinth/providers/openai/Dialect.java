package dev.plinth.providers.openai;

import dev.plinth.providers.wire.SchemaDialect;
import org.jspecify.annotations.Nullable;

/**
 * How a server says Chat Completions.
 *
 * @param maxTokens the field of the limit of tokens
 * @param seed the field of the seed
 * @param demand the tool choice that demands some tool
 * @param usageInStreams whether usage has to be asked for in streams, and may be
 * @param shortToolIds whether the ids of tool calls have to be nine letters and digits
 * @param reasoningField the field in which earlier reasoning is sent back; null: it is left out
 * @param effort how the reasoning effort is said
 */
record Dialect(
        String maxTokens,
        String seed,
        String demand,
        boolean usageInStreams,
        boolean shortToolIds,
        @Nullable String reasoningField,
        Effort effort) {

    /** How the reasoning effort is said. */
    enum Effort {
        /** {@code "reasoning_effort": "low"}. */
        FIELD,
        /** {@code "reasoning": {"effort": "low"}}. */
        OBJECT
    }

    static final Dialect OPEN_AI =
            new Dialect("max_completion_tokens", "seed", "required", true, false, null, Effort.FIELD);

    /** What servers had before OpenAI renamed the limit, and most still have. */
    static final Dialect COMPATIBLE = OPEN_AI.withMaxTokens("max_tokens");

    /** What OpenAI enforces, after its guide on structured outputs. */
    static final SchemaDialect STRICT_SCHEMA = SchemaDialect.builder()
            .keywords(
                    "type",
                    "properties",
                    "required",
                    "additionalProperties",
                    "items",
                    "enum",
                    "const",
                    "anyOf",
                    "$ref",
                    "$defs",
                    "definitions",
                    "title",
                    "description",
                    "pattern",
                    "format",
                    "multipleOf",
                    "minimum",
                    "maximum",
                    "exclusiveMinimum",
                    "exclusiveMaximum",
                    "minItems",
                    "maxItems")
            .formats("date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid")
            .closedObjects()
            .allRequired()
            .build();

    Dialect withMaxTokens(String field) {
        return new Dialect(field, seed, demand, usageInStreams, shortToolIds, reasoningField, effort);
    }

    Dialect withReasoningField(String field) {
        return new Dialect(maxTokens, seed, demand, usageInStreams, shortToolIds, field, effort);
    }

    Dialect withEffort(Effort form) {
        return new Dialect(maxTokens, seed, demand, usageInStreams, shortToolIds, reasoningField, form);
    }

    /** Mistral's: other words for three fields, ids of nine characters, usage without being asked. */
    static Dialect mistral() {
        return new Dialect("max_tokens", "random_seed", "any", false, true, null, Effort.FIELD);
    }
}
