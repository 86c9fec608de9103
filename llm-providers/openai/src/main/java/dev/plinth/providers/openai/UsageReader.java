package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.UsageCounts;
import java.io.IOException;

/** Collects the usage wherever a server puts it, in the words of Chat Completions or of Responses. */
final class UsageReader {

    private UsageReader() {}

    /** Reads an object of counts and of objects with more counts. */
    static void read(JsonParser json, UsageCounts counts) throws IOException {
        if (!Json.isObject(json)) {
            return;
        }
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            if (json.currentToken().isNumeric()) {
                count(field, Json.number(json, -1), counts);
            } else {
                switch (field) {
                    case "prompt_tokens_details",
                            "completion_tokens_details",
                            "input_tokens_details",
                            "output_tokens_details",
                            "usage" -> read(json, counts);
                    default -> json.skipChildren();
                }
            }
        }
    }

    private static void count(String field, long tokens, UsageCounts counts) {
        switch (field) {
            case "prompt_tokens", "input_tokens" -> counts.input(tokens);
            case "completion_tokens", "output_tokens" -> counts.output(tokens);
            case "cached_tokens", "num_cached_tokens", "prompt_cache_hit_tokens" -> counts.cachedInput(tokens);
            case "cache_write_tokens" -> counts.cacheWrite(tokens);
            case "reasoning_tokens" -> counts.reasoning(tokens);
            case "total_tokens" -> counts.total(tokens);
            default -> {
                // a count nobody asked for
            }
        }
    }
}
