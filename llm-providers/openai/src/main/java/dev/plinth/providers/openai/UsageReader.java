package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.UsageCounts;
import java.io.IOException;

/** Collects the usage wherever a server puts it. */
final class UsageReader {

    private UsageReader() {}

    /** Reads an object of counts and of objects with more counts. */
    static void read(JsonParser json, UsageCounts counts) throws IOException {
        if (!Json.isObject(json)) {
            return;
        }
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                count(field, json.getLongValue(), counts);
            } else {
                switch (field) {
                    case "prompt_tokens_details", "completion_tokens_details", "usage" -> read(json, counts);
                    default -> json.skipChildren();
                }
            }
        }
    }

    private static void count(String field, long tokens, UsageCounts counts) {
        switch (field) {
            case "prompt_tokens" -> counts.input(tokens);
            case "completion_tokens" -> counts.output(tokens);
            case "cached_tokens", "num_cached_tokens", "prompt_cache_hit_tokens" -> counts.cachedInput(tokens);
            case "cache_write_tokens" -> counts.cacheWrite(tokens);
            case "reasoning_tokens" -> counts.reasoning(tokens);
            default -> {
                // a count nobody asked for
            }
        }
    }
}
