package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.providers.Endpoint;
import dev.plinth.providers.HttpBody;
import dev.plinth.providers.HttpCall;
import dev.plinth.providers.ProviderAnswer;
import dev.plinth.providers.wire.Json;
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
        try (ProviderAnswer answer = endpoint.send(call, context);
                JsonParser json = Json.FACTORY.createParser(answer.http().body())) {
            List<Moderation> results = read(json);
            answer.http().finish();
            if (results.size() != texts.size()) {
                throw new MalformedResponseException(
                        "results: " + results.size() + " (expected: " + texts.size() + ")",
                        answer.http().details(),
                        null);
            }
            return results;
        } catch (IOException broken) {
            throw new MalformedResponseException(
                    "body: no moderation (expected: a list of results)",
                    endpoint.details(model),
                    Json.withoutContent(broken));
        }
    }

    private static List<Moderation> read(JsonParser json) throws IOException {
        List<Moderation> results = new ArrayList<>();
        json.nextToken();
        if (Json.isObject(json)) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                if (field.equals("results") && Json.isArray(json)) {
                    while (Json.nextElement(json)) {
                        results.add(result(json));
                    }
                } else {
                    json.skipChildren();
                }
            }
        }
        return results;
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
