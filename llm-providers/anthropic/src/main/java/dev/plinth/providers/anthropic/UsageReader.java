package dev.plinth.providers.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.UsageCounts;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the counts of an answer. A stream says some at its start and says them again, perhaps others, at its end. */
final class UsageReader {

    private UsageReader() {}

    /**
     * Reads the object of the counts.
     *
     * @param tier the class of service, as far as it is known
     * @return the class of service
     */
    static @Nullable String read(JsonParser json, UsageCounts counts, @Nullable String tier) throws IOException {
        counts.cacheApart();
        if (!Json.isObject(json)) {
            return tier;
        }
        String known = tier;
        String speed = null;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            if (json.currentToken().isNumeric()) {
                count(field, Json.number(json, -1), counts);
            } else if (field.equals("output_tokens_details") || field.equals("cache_creation")) {
                read(json, counts, known);
            } else if (field.equals("service_tier")) {
                known = Json.text(json, known);
            } else if (field.equals("speed")) {
                speed = Json.text(json, null);
            } else {
                json.skipChildren();
            }
        }
        return speed == null || speed.equals("standard")
                ? known
                : speed; // a speed has a price of its own, as a tier has
    }

    private static void count(String field, long tokens, UsageCounts counts) {
        if (tokens < 0) {
            return;
        }
        switch (field) {
            case "input_tokens" -> counts.input(tokens);
            case "cache_read_input_tokens" -> counts.cachedInput(tokens);
            case "cache_creation_input_tokens" -> counts.cacheWrite(tokens);
            case "ephemeral_1h_input_tokens" -> counts.longCacheWrite(tokens);
            case "output_tokens" -> counts.output(tokens);
            case "thinking_tokens" -> counts.reasoning(tokens);
            default -> {
                // a count nobody asked for
            }
        }
    }
}
