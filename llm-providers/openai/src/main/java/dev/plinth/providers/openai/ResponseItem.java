package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.TokenLogprob;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.TokenLogprobs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** An item of a response's output: a message, a thought, a call, or what else there is. Not thread-safe. */
final class ResponseItem {

    String type = "";
    String id = "";
    String callId = "";
    String name = "";
    String arguments = "";
    String summary = "";

    /** The item as it came. */
    final String json;

    /** The pieces of a message. */
    final List<Content> content = new ArrayList<>();

    /** A piece of a message: text, or a refusal. */
    static final class Content {
        String text = "";
        boolean refusal;
        final List<Annotation> annotations = new ArrayList<>();
        final List<TokenLogprob> logprobs = new ArrayList<>();
    }

    private ResponseItem(String json) {
        this.json = json;
    }

    /** Reads the item the parser stands at; anything but an object is an item without a type. */
    static ResponseItem read(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return new ResponseItem("");
        }
        ResponseItem item = new ResponseItem(Json.copy(json));
        try (JsonParser fields = Json.FACTORY.createParser(item.json)) {
            fields.nextToken();
            item.readFields(fields);
        }
        return item;
    }

    /** The id that the result of a call names. */
    String idOfCall() {
        return callId.isEmpty() ? id : callId;
    }

    /** What was thought: open models show it as content, others sum it up. */
    String reasoning() {
        StringBuilder thought = new StringBuilder();
        content.forEach(piece -> thought.append(piece.text));
        return thought.length() > 0 ? thought.toString() : summary;
    }

    private void readFields(JsonParser json) throws IOException {
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "type" -> type = text(json, type);
                case "id" -> id = text(json, id);
                case "call_id" -> callId = text(json, callId);
                case "name" -> name = text(json, name);
                case "arguments" -> arguments = text(json, arguments);
                case "summary" -> summary = texts(json);
                case "content" -> readContent(json);
                default -> json.skipChildren();
            }
        }
    }

    /** The text, or what was known before when the value is none. */
    static String text(JsonParser json, String otherwise) throws IOException {
        String text = Json.text(json, null);
        return text == null ? otherwise : text;
    }

    /** The texts of a list of parts, joined. */
    private static String texts(JsonParser json) throws IOException {
        StringBuilder texts = new StringBuilder();
        if (Json.isArray(json)) {
            while (Json.nextElement(json)) {
                texts.append(Json.isObject(json) ? content(json).text : "");
            }
        }
        return texts.toString();
    }

    /** The content of a message or of a thought: a text, or pieces. */
    private void readContent(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            Content only = new Content();
            only.text = json.getText();
            content.add(only);
            return;
        }
        if (Json.isArray(json)) {
            while (Json.nextElement(json)) {
                if (Json.isObject(json)) {
                    content.add(content(json));
                }
            }
        }
    }

    private static Content content(JsonParser json) throws IOException {
        Content content = new Content();
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "text" -> content.text = text(json, content.text);
                case "type" -> content.refusal |= text(json, "").equals("refusal");
                case "refusal" -> {
                    String refusal = text(json, "");
                    content.refusal |= !refusal.isEmpty();
                    content.text = refusal.isEmpty() ? content.text : refusal;
                }
                case "annotations" -> Annotation.readAll(json, content.annotations);
                case "logprobs" -> TokenLogprobs.read(json, content.logprobs::add);
                default -> json.skipChildren();
            }
        }
        return content;
    }
}
