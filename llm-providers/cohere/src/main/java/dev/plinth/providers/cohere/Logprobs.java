package dev.plinth.providers.cohere;

import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.chat.TokenLogprob;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads the probabilities of tokens. Cohere gives one text for several tokens now and then: that text is told with the
 * probability of all of them together, which is the sum of their logarithms.
 */
final class Logprobs {

    private Logprobs() {}

    /** Reads one item, or an array of them; what is none is passed over. */
    static void read(JsonParser json, Consumer<TokenLogprob> sink) throws IOException {
        switch (json.currentToken()) {
            case START_OBJECT -> readItem(json, sink);
            case START_ARRAY -> {
                while (Json.nextElement(json)) {
                    if (Json.isObject(json)) {
                        readItem(json, sink);
                    }
                }
            }
            default -> json.skipChildren();
        }
    }

    private static void readItem(JsonParser json, Consumer<TokenLogprob> sink) throws IOException {
        String text = "";
        double sum = Double.NaN;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "text" -> text = Json.text(json, text);
                case "logprobs" -> sum = sum(json);
                default -> json.skipChildren();
            }
        }
        if (text != null && !Double.isNaN(sum)) {
            sink.accept(new TokenLogprob(text, sum, List.of()));
        }
    }

    /** NaN when there is none. */
    private static double sum(JsonParser json) throws IOException {
        double sum = Double.NaN;
        if (Json.isArray(json)) {
            while (Json.nextElement(json)) {
                double logprob = Json.decimal(json, Double.NaN);
                sum = Double.isNaN(sum) ? logprob : sum + logprob;
            }
        }
        return sum;
    }
}
