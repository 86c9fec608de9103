package dev.plinth.providers.ollama;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Part;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.wire.AnswerReader;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.ThinkTags;
import dev.plinth.providers.wire.TokenLogprobs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer, or the lines of a stream, which have the same shape. Also those of {@code /api/generate}, which say
 * {@code response} where a chat has a message.
 */
final class ChatReader extends AnswerReader {

    /** What an image of an answer is called among {@link Part.Other}: base64, whose kind the server does not say. */
    static final String IMAGE = "image";

    private final ThinkTags text = new ThinkTags(parts());
    private final ErrorBody.Fields errors = new ErrorBody.Fields();

    ChatReader(boolean streamed) {
        super(streamed);
    }

    @Override
    protected void read(String name, JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new JsonParseException(json, "not an object");
        }
        errors.reset();
        boolean answers = false;
        boolean done = false;
        String reason = null;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "message" -> answers |= readMessage(json);
                case "response" -> answers |= readText(json);
                case "thinking" -> readThinking(json);
                case "done" -> done = json.currentToken() == JsonToken.VALUE_TRUE;
                case "done_reason" -> reason = Json.text(json, null);
                case "model" -> model(Json.firstText(json, model()));
                case "prompt_eval_count" -> usage().input(Json.number(json, -1));
                case "eval_count" -> usage().output(Json.number(json, -1));
                case "logprobs" -> TokenLogprobs.read(json, this::logprob);
                default -> {
                    if (!errors.read(field, json)) {
                        json.skipChildren();
                    }
                }
            }
        }
        if (answers || done) {
            answered();
        }
        if (done) {
            finish(reason);
        }
        fail(errors.found(answers || done));
    }

    /** Whether it was a message of the model; servers in between call their errors so, too. */
    private boolean readMessage(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            errors.read("message", json);
            return false;
        }
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "content" -> readText(json);
                case "thinking" -> readThinking(json);
                case "tool_calls" -> readCalls(json);
                case "images" -> readImages(json);
                default -> json.skipChildren();
            }
        }
        return true;
    }

    private boolean readText(JsonParser json) throws IOException {
        String more = Json.text(json, null);
        if (more != null) {
            text.text(more);
        }
        return more != null;
    }

    private void readThinking(JsonParser json) throws IOException {
        String text = Json.text(json, null);
        if (text != null) {
            parts().reasoning(text);
        }
    }

    private void readImages(JsonParser json) throws IOException {
        if (Json.isArray(json)) {
            while (Json.nextElement(json)) {
                parts().add(new Part.Other(Ollama.PROTOCOL, IMAGE, Json.copy(json)));
            }
        }
    }

    /** Calls come whole, in a stream too, whatever number they bear. */
    private void readCalls(JsonParser json) throws IOException {
        if (Json.isArray(json)) {
            while (Json.nextElement(json)) {
                if (Json.isObject(json)) {
                    readCall(json);
                }
            }
        }
    }

    private void readCall(JsonParser json) throws IOException {
        String id = "";
        String name = "";
        String arguments = "";
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            if (field.equals("id")) {
                id = textOr(json, "");
            } else if (!field.equals("function") || !Json.isObject(json)) {
                json.skipChildren();
            } else {
                for (String part = Json.nextField(json); part != null; part = Json.nextField(json)) {
                    switch (part) {
                        case "name" -> name = textOr(json, "");
                        case "arguments" -> arguments = arguments(json);
                        default -> json.skipChildren();
                    }
                }
            }
        }
        text.end(); // what is held back stands before the call
        parts().toolCall(id, name).arguments(arguments);
    }

    private static String arguments(JsonParser json) throws IOException {
        return json.currentToken() == JsonToken.START_OBJECT ? Json.copy(json) : textOr(json, "");
    }

    private static String textOr(JsonParser json, String otherwise) throws IOException {
        String text = Json.text(json, null);
        return text == null ? otherwise : text;
    }

    @Override
    protected boolean endParts() {
        boolean told = text.end();
        return super.endParts() || told;
    }

    /** What was thought comes first, though it is written behind the text, then the text, then the calls. */
    @Override
    protected List<Part> arranged(List<Part> parts) {
        List<Part> all = new ArrayList<>(parts.size());
        for (Part part : parts) {
            if (part instanceof Part.Reasoning) {
                all.add(part);
            }
        }
        for (Part part : parts) {
            if (!(part instanceof Part.Reasoning)) {
                all.add(part);
            }
        }
        return all;
    }

    /** Older servers say that they are done, but not why. */
    @Override
    protected FinishReason finishReason(@Nullable String raw, boolean hasToolCalls) {
        return super.finishReason(raw == null ? "stop" : raw, hasToolCalls);
    }
}
