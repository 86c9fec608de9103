package dev.plinth.providers.cohere;

import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.UsageCounts;
import java.io.IOException;

/**
 * Reads the tokens of an answer: those that are billed, and where they are not said, those that the model processed. Cohere
 * bills fewer than it processes, and counts its cache among the latter.
 */
final class TokenCounts {

    private static final long ABSENT = -1;

    private long input = ABSENT;
    private long output = ABSENT;
    private long cached = ABSENT;
    private long billedInput = ABSENT;
    private long billedOutput = ABSENT;

    private TokenCounts() {}

    /** Reads an object of counts; what it does not say stays as it was. */
    static void read(JsonParser json, UsageCounts usage) throws IOException {
        if (Json.isObject(json)) {
            TokenCounts counts = new TokenCounts();
            counts.read(json);
            counts.tell(usage);
        }
    }

    private void read(JsonParser json) throws IOException {
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "tokens" -> readTokens(json);
                case "billed_units" -> readBilled(json);
                case "cached_tokens" -> cached = Json.number(json, ABSENT);
                case "prompt_tokens", "total_tokens" -> input = Json.number(json, ABSENT); // of vectors, the same
                default -> json.skipChildren();
            }
        }
    }

    private void readTokens(JsonParser json) throws IOException {
        if (Json.isObject(json)) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                switch (field) {
                    case "input_tokens" -> input = Json.number(json, ABSENT);
                    case "output_tokens" -> output = Json.number(json, ABSENT);
                    default -> json.skipChildren();
                }
            }
        }
    }

    private void readBilled(JsonParser json) throws IOException {
        if (Json.isObject(json)) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                switch (field) {
                    case "input_tokens" -> billedInput = Json.number(json, ABSENT);
                    case "output_tokens" -> billedOutput = Json.number(json, ABSENT);
                    default -> json.skipChildren();
                }
            }
        }
    }

    private void tell(UsageCounts usage) {
        boolean billed = billedInput != ABSENT || billedOutput != ABSENT;
        long in = billed ? billedInput : input;
        long out = billed ? billedOutput : output;
        if (in != ABSENT) {
            usage.input(in);
        }
        if (out != ABSENT) {
            usage.output(out);
        }
        if (!billed && input != ABSENT && cached != ABSENT) {
            usage.cachedInput(cached);
        }
    }
}
