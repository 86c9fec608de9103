package dev.plinth.providers.ollama;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.providers.Endpoint;
import dev.plinth.providers.HttpAnswer;
import dev.plinth.providers.HttpCall;
import dev.plinth.providers.ProviderAnswer;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Asks a server for the names of the models it has. */
final class InstalledModels {

    private InstalledModels() {}

    static List<String> names(Endpoint endpoint) {
        HttpCall.Builder call = HttpCall.get(endpoint.url("/api/tags"))
                .details(ErrorDetails.builder().provider(endpoint.provider()).build())
                .header("Accept", "application/json");
        try (ProviderAnswer answer = endpoint.send(call, CallContext.current())) {
            return read(answer.http());
        }
    }

    private static List<String> read(HttpAnswer answer) {
        List<String> names = new ArrayList<>();
        try (JsonParser json = Json.FACTORY.createParser(answer.body())) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new JsonParseException(json, "not an object");
            }
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                if (field.equals("models")) {
                    readModels(json, names);
                } else {
                    json.skipChildren();
                }
            }
        } catch (JsonProcessingException broken) {
            throw new MalformedResponseException(
                    "body: no models (expected: a list of them)", answer.details(), Json.withoutContent(broken));
        } catch (IOException failure) {
            throw answer.failed(failure);
        }
        answer.finish();
        return List.copyOf(names);
    }

    private static void readModels(JsonParser json, List<String> names) throws IOException {
        if (!Json.isArray(json)) {
            return;
        }
        while (Json.nextElement(json)) {
            if (Json.isObject(json)) {
                String name = null;
                for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                    switch (field) {
                        case "model", "name" -> name = Json.firstText(json, name);
                        default -> json.skipChildren();
                    }
                }
                if (name != null) {
                    names.add(name);
                }
            }
        }
    }
}
