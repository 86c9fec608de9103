package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.TokenLogprob;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the probabilities of tokens, which both protocols write alike. */
final class Logprobs {

    private Logprobs() {}

    /** Reads a list of tokens; anything else is passed over. */
    static void read(JsonParser json, Consumer<TokenLogprob> tokens) throws IOException {
        if (!Json.isArray(json)) {
            return;
        }
        while (Json.nextElement(json)) {
            TokenLogprob token = Json.isObject(json) ? token(json) : null;
            if (token != null) {
                tokens.accept(token);
            }
        }
    }

    private static @Nullable TokenLogprob token(JsonParser json) throws IOException {
        String token = null;
        double logprob = Double.NaN;
        List<TokenLogprob> alternatives = new ArrayList<>();
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "token" -> token = Json.text(json, null);
                case "logprob" -> logprob = number(json);
                case "top_logprobs" -> read(json, alternatives::add);
                default -> json.skipChildren();
            }
        }
        return token == null || Double.isNaN(logprob) ? null : new TokenLogprob(token, logprob, alternatives);
    }

    private static double number(JsonParser json) throws IOException {
        JsonToken value = json.currentToken();
        if (value.isNumeric()) {
            return json.getDoubleValue();
        }
        json.skipChildren();
        return Double.NaN;
    }
}
