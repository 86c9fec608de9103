package dev.plinth.providers.wire;

import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.chat.TokenLogprob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the probabilities of tokens as OpenAI writes them, and others do. */
public final class TokenLogprobs {

    private TokenLogprobs() {}

    /** Hands on each token of an array; what is none is passed over. */
    public static void read(JsonParser json, Consumer<TokenLogprob> sink) throws IOException {
        if (!Json.isArray(json)) {
            return;
        }
        while (Json.nextElement(json)) {
            TokenLogprob token = Json.isObject(json) ? readToken(json) : null;
            if (token != null) {
                sink.accept(token);
            }
        }
    }

    private static @Nullable TokenLogprob readToken(JsonParser json) throws IOException {
        String text = null;
        double logprob = Double.NaN;
        List<TokenLogprob> alternatives = new ArrayList<>();
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "token" -> text = Json.text(json, null);
                case "logprob" -> logprob = Json.decimal(json, Double.NaN);
                case "top_logprobs" -> read(json, alternatives::add);
                default -> json.skipChildren();
            }
        }
        return text == null || Double.isNaN(logprob) ? null : new TokenLogprob(text, logprob, alternatives);
    }
}
