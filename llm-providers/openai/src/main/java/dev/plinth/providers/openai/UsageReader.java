package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.usage.Usage;
import java.io.IOException;

/** Collects the usage wherever a server puts it; the last count wins. */
final class UsageReader {

    private static final long ABSENT = -1;

    private long input = ABSENT;
    private long cached = ABSENT;
    private long cacheWrite = ABSENT;
    private long output = ABSENT;
    private long reasoning = ABSENT;

    Usage usage() {
        if (input == ABSENT && output == ABSENT) {
            return Usage.UNKNOWN;
        }
        return Usage.builder()
                .input(input)
                .cachedInput(cached)
                .cacheWrite(cacheWrite)
                .output(output)
                .reasoning(reasoning)
                .build();
    }

    /** Reads an object of counts and of objects with more counts. */
    void read(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken inner = json.nextToken();
            if (inner == JsonToken.VALUE_NUMBER_INT) {
                count(field, Math.max(ABSENT, json.getLongValue()));
            } else {
                switch (field) {
                    case "prompt_tokens_details", "completion_tokens_details", "usage" -> read(json, inner);
                    default -> json.skipChildren();
                }
            }
        }
    }

    private void count(String field, long tokens) {
        switch (field) {
            case "prompt_tokens" -> input = tokens;
            case "completion_tokens" -> output = tokens;
            case "cached_tokens", "num_cached_tokens", "prompt_cache_hit_tokens" -> cached = tokens;
            case "cache_write_tokens" -> cacheWrite = tokens;
            case "reasoning_tokens" -> reasoning = tokens;
            default -> {
                // a count nobody asked for
            }
        }
    }
}
