package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.Part;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.wire.AnswerReader;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.ThinkTags;
import dev.plinth.providers.wire.TokenLogprobs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Reads a completion, or the chunks of a stream: both have the same shape, the one with a {@code message}, the others
 * with a {@code delta}. Tolerates what servers are known to do differently.
 */
final class CompletionReader extends AnswerReader {

    /** Whose details of reasoning are sent back as they came. */
    static final String OPENROUTER = "openrouter";

    private final ToolCallParts toolCalls = new ToolCallParts();
    private final ThinkTags text = new ThinkTags(parts());
    private final ErrorBody.Fields errors = new ErrorBody.Fields();
    private @Nullable StringJoiner details;

    CompletionReader(boolean streamed) {
        super(streamed);
    }

    @Override
    protected void read(String name, JsonParser json) throws IOException {
        if (name.equals("error")) {
            fail(ErrorBody.read(json));
            return;
        }
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new JsonParseException(json, "not an object");
        }
        errors.reset();
        boolean answers = false;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "choices" -> {
                    answers = true;
                    readChoices(json);
                }
                case "usage", "x_groq" -> UsageReader.read(json, usage());
                case "id" -> id(Json.firstText(json, id()));
                case "model" -> model(Json.firstText(json, model()));
                case "service_tier" -> serviceTier(Json.text(json, null));
                default -> {
                    if (!errors.read(field, json)) {
                        json.skipChildren();
                    }
                }
            }
        }
        fail(errors.found(answers));
    }

    private void readChoices(JsonParser json) throws IOException {
        if (!Json.isArray(json)) {
            return;
        }
        boolean first = true;
        while (json.nextToken() == JsonToken.START_OBJECT) {
            if (first) {
                readChoice(json);
            } else {
                json.skipChildren(); // one answer is asked for
            }
            first = false;
        }
    }

    private void readChoice(JsonParser json) throws IOException {
        answered();
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "message", "delta" -> readMessage(json);
                case "finish_reason" -> {
                    String reason = Json.text(json, null);
                    if (reason != null) {
                        finish(reason);
                    }
                }
                case "usage" -> UsageReader.read(json, usage());
                case "logprobs" -> readLogprobs(json);
                default -> json.skipChildren();
            }
        }
    }

    private void readLogprobs(JsonParser json) throws IOException {
        if (Json.isObject(json)) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                if (field.equals("content")) {
                    TokenLogprobs.read(json, this::logprob);
                } else {
                    json.skipChildren();
                }
            }
        }
    }

    private void readMessage(JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return;
        }
        String thought = null;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "content" -> readContent(json);
                case "refusal" -> readRefusal(json);
                case "reasoning_content", "reasoning" -> thought = readThought(json, thought);
                case "reasoning_details" -> readDetails(json);
                case "tool_calls" -> toolCalls.read(json, parts());
                case "function_call" -> toolCalls.readOnly(json, parts());
                case "annotations" -> readAnnotations(json);
                default -> json.skipChildren();
            }
        }
    }

    /** A text, or the parts of one; a part may be what the model thought. */
    private void readContent(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            text.text(json.getText());
            return;
        }
        if (!Json.isArray(json)) {
            return;
        }
        while (json.nextToken() == JsonToken.START_OBJECT) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                switch (field) {
                    case "text", "refusal" -> readContent(json);
                    case "thinking" -> readThinking(json);
                    default -> json.skipChildren();
                }
            }
        }
    }

    private void readThinking(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            readReasoning(json);
            return;
        }
        while (json.nextToken() == JsonToken.START_OBJECT) {
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                if (field.equals("text")) {
                    readReasoning(json);
                } else {
                    json.skipChildren();
                }
            }
        }
    }

    private void readReasoning(JsonParser json) throws IOException {
        String text = Json.text(json, null);
        if (text != null) {
            parts().reasoning(text);
        }
    }

    /** Some servers say it twice, under the old name and the new. */
    private @Nullable String readThought(JsonParser json, @Nullable String before) throws IOException {
        String text = Json.text(json, null);
        if (text == null || text.equals(before)) {
            return before;
        }
        parts().reasoning(text);
        return text;
    }

    private void readRefusal(JsonParser json) throws IOException {
        String text = Json.text(json, null);
        if (text != null && !text.isEmpty()) {
            refused();
            parts().text(text);
        }
    }

    /** OpenRouter's, which it wants back unchanged. */
    private void readDetails(JsonParser json) throws IOException {
        if (Json.isArray(json)) {
            while (Json.nextElement(json)) {
                details = details == null ? new StringJoiner(",", "[", "]") : details;
                details.add(Json.copy(json));
            }
        }
    }

    private void readAnnotations(JsonParser json) throws IOException {
        List<Annotation> annotations = new ArrayList<>(0);
        Annotation.readAll(json, annotations);
        annotations.forEach(annotation -> citation(annotation.in(0, parts().textLength())));
    }

    @Override
    protected boolean endParts() {
        boolean text = this.text.end();
        boolean calls = toolCalls.end(parts());
        return text || calls;
    }

    /** What was thought comes first, whichever field a server writes first, then the text, then the calls. */
    @Override
    protected List<Part> arranged(List<Part> parts) {
        List<Part> all = new ArrayList<>(parts.size() + toolCalls.count());
        for (Part part : parts) {
            if (part instanceof Part.Reasoning) {
                all.add(part);
            }
        }
        if (details != null) {
            String thought = all.isEmpty() ? "" : ((Part.Reasoning) all.remove(0)).text();
            all.add(0, new Part.Reasoning(thought, details.toString(), OPENROUTER));
        }
        for (Part part : parts) {
            if (!(part instanceof Part.Reasoning)) {
                all.add(part);
            }
        }
        all.addAll(toolCalls.toParts());
        return all;
    }
}
