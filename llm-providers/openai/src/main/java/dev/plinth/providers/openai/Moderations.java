package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.context.CallContext;
import dev.plinth.providers.Endpoint;
import dev.plinth.providers.HttpBody;
import dev.plinth.providers.HttpCall;
import dev.plinth.providers.ProviderAnswer;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.JsonBody;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** OpenAI's moderation of texts. */
final class Moderations {

    private Moderations() {}

    static List<Moderation> call(Endpoint endpoint, String model, List<String> texts, CallContext context) {
        HttpBody body = HttpBody.json(Json.FACTORY, json -> {
            json.writeStartObject();
            json.writeStringField("model", model);
            json.writeArrayFieldStart("input");
            for (String text : texts) {
                json.writeString(text);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
        HttpCall.Builder call =
                HttpCall.post(endpoint.url("/moderations"), body).details(endpoint.details(model));
        try (ProviderAnswer answer = endpoint.send(call, context)) {
            List<Moderation> results = new ArrayList<>();
            JsonBody.readObject(
                    answer,
                    "results: not " + texts.size() + " (expected: one for each text)",
                    (field, json) -> field.equals("results") && readResults(json, results),
                    () -> results.size() == texts.size());
            return results;
        }
    }

    private static boolean readResults(JsonParser json, List<Moderation> results) throws IOException {
        if (Json.isArray(json)) {
            while (Json.nextElement(json)) {
                results.add(result(json));
            }
        }
        return true;
    }

    private static Moderation result(JsonParser json) throws IOException {
        boolean flagged = false;
        Set<String> categories = new HashSet<>();
        Map<String, Double> scores = new HashMap<>();
        if (Json.isObject(json)) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                switch (field) {
                    case "flagged" -> flagged = json.currentToken() == JsonToken.VALUE_TRUE;
                    case "categories" -> readCategories(json, categories);
                    case "category_scores" -> readScores(json, scores);
                    default -> json.skipChildren();
                }
            }
        }
        return new Moderation(flagged, categories, scores);
    }

    private static void readCategories(JsonParser json, Set<String> categories) throws IOException {
        if (Json.isObject(json)) {
            for (String name = Json.nextField(json); name != null; name = Json.nextField(json)) {
                if (json.currentToken() == JsonToken.VALUE_TRUE) {
                    categories.add(name);
                }
                json.skipChildren();
            }
        }
    }

    private static void readScores(JsonParser json, Map<String, Double> scores) throws IOException {
        if (Json.isObject(json)) {
            for (String name = Json.nextField(json); name != null; name = Json.nextField(json)) {
                if (json.currentToken().isNumeric()) {
                    scores.put(name, json.getDoubleValue());
                }
                json.skipChildren();
            }
        }
    }
}
