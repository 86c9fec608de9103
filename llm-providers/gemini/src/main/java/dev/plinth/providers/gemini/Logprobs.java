package dev.plinth.providers.gemini;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.TokenLogprob;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads a {@code logprobsResult}: the tokens of an answer in one list, what could have stood in their place in another. */
final class Logprobs {

    private List<TokenLogprob> chosen = List.of();
    private final List<List<TokenLogprob>> alternatives = new ArrayList<>();

    void read(JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return;
        }
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "chosenCandidates" -> chosen = readTokens(json);
                case "topCandidates" -> readAlternatives(json);
                default -> json.skipChildren();
            }
        }
    }

    /** The tokens with their alternatives. */
    List<TokenLogprob> tokens() {
        List<TokenLogprob> tokens = new ArrayList<>(chosen.size());
        for (int i = 0; i < chosen.size(); i++) {
            TokenLogprob token = chosen.get(i);
            List<TokenLogprob> others = i < alternatives.size() ? alternatives.get(i) : List.of();
            tokens.add(new TokenLogprob(token.token(), token.logprob(), others));
        }
        return tokens;
    }

    private void readAlternatives(JsonParser json) throws IOException {
        if (!Json.isArray(json)) {
            return;
        }
        while (Json.nextElement(json)) {
            List<TokenLogprob> step = List.of();
            if (Json.isObject(json)) {
                for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                    if (field.equals("candidates")) {
                        step = readTokens(json);
                    } else {
                        json.skipChildren();
                    }
                }
            }
            alternatives.add(step);
        }
    }

    private static List<TokenLogprob> readTokens(JsonParser json) throws IOException {
        List<TokenLogprob> tokens = new ArrayList<>();
        if (Json.isArray(json)) {
            while (Json.nextElement(json)) {
                if (Json.isObject(json)) {
                    tokens.add(readToken(json));
                }
            }
        }
        return tokens;
    }

    /** Zero, which is certain, is left out by servers that leave out zeros. */
    private static TokenLogprob readToken(JsonParser json) throws IOException {
        String token = "";
        double logprob = 0;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "token" -> token = String.valueOf(Json.text(json, token));
                case "logProbability" -> logprob = logprob(json);
                default -> json.skipChildren();
            }
        }
        return new TokenLogprob(token, logprob, List.of());
    }

    private static double logprob(JsonParser json) throws IOException {
        if (json.currentToken().isNumeric()) {
            return json.getDoubleValue();
        }
        boolean impossible =
                json.currentToken() == JsonToken.VALUE_STRING && json.getText().equals("-Infinity");
        json.skipChildren();
        return impossible ? Double.NEGATIVE_INFINITY : 0;
    }
}
