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
import org.jspecify.annotations.Nullable;

/**
 * Reads a completion, or the chunks of a stream: both have the same shape, the one with a {@code message}, the others
 * with a {@code delta}. Tolerates what servers are known to do differently.
 */
final class CompletionReader extends AnswerReader {

    private final ToolCallParts toolCalls = new ToolCallParts();
    private final ThinkTags text = new ThinkTags(parts());
    private final ErrorBody.Fields errors = new ErrorBody.Fields();
    private final ReasoningDetails details = new ReasoningDetails();
    private long choice = -1; // the index of the first one: one answer is asked for
    private boolean began;
    private boolean said; // in the form that was asked for
    private boolean thought; // in a field of its own

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
        boolean choices = false;
        boolean counted = false;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "choices" -> {
                    answers = true;
                    choices = readChoices(json);
                }
                case "usage" -> {
                    counted = json.currentToken() == JsonToken.START_OBJECT;
                    UsageReader.read(json, usage());
                }
                case "x_groq" -> UsageReader.read(json, usage());
                case "id" -> id(Json.firstText(json, id()));
                case "model" -> model(Json.firstText(json, model()));
                case "service_tier" -> serviceTier(Json.sameText(json, serviceTier()));
                default -> {
                    if (!errors.read(field, json)) {
                        json.skipChildren();
                    }
                }
            }
        }
        fail(errors.found(answers));
        if (counted && !choices && began && !isFinished()) {
            finish(null); // usage in a chunk of its own follows the whole answer, also where no reason is ever given
        }
    }

    /** Whether there was a choice. */
    private boolean readChoices(JsonParser json) throws IOException {
        boolean any = false;
        boolean read = false;
        if (Json.isArray(json)) {
            while (Json.nextElement(json)) {
                boolean isChoice = json.currentToken() == JsonToken.START_OBJECT;
                any |= isChoice;
                if (isChoice && !read) {
                    read = readChoice(json);
                }
                json.skipChildren();
            }
        }
        return any;
    }

    /**
     * A message in a stream, or a delta in a plain answer, says the same again, unless it is all there is.
     *
     * @return whether the choice is of the answer that is read
     */
    private boolean readChoice(JsonParser json) throws IOException {
        answered();
        began = true;
        String own = parts().streamed() ? "delta" : "message";
        String other = null;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "index" -> {
                    long index = Json.number(json, choice);
                    choice = choice < 0 ? index : choice;
                    if (index != choice) {
                        skipRest(json);
                        return false;
                    }
                }
                case "message", "delta" -> {
                    if (field.equals(own)) {
                        said |= readMessage(json);
                    } else {
                        other = said ? null : Json.copy(json);
                        json.skipChildren();
                    }
                }
                case "finish_reason" -> {
                    String reason = Json.text(json, null);
                    if (reason != null && !reason.isEmpty()) {
                        finish(reason);
                    }
                }
                case "usage" -> UsageReader.read(json, usage());
                case "logprobs" -> readLogprobs(json);
                default -> json.skipChildren();
            }
        }
        if (other != null && !said) {
            try (JsonParser message = Json.FACTORY.createParser(other)) {
                message.nextToken();
                readMessage(message);
            }
        }
        return true;
    }

    private static void skipRest(JsonParser json) throws IOException {
        while (Json.nextField(json) != null) {
            json.skipChildren();
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

    /** Reads a message, or a piece of one; whether there was one. */
    private boolean readMessage(JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return false;
        }
        boolean any = false;
        String words = null;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            any = true;
            switch (field) {
                case "content" -> readContent(json);
                case "refusal" -> readRefusal(json);
                case "reasoning_content", "reasoning" -> words = readThought(json, words);
                case "reasoning_details" -> details.read(json);
                case "tool_calls" -> toolCalls.read(json, parts());
                case "function_call" -> toolCalls.readOnly(json, parts());
                case "annotations" -> readAnnotations(json);
                default -> json.skipChildren();
            }
        }
        if (!thought) {
            parts().reasoning(details.newWords());
        }
        return any;
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
        while (Json.nextElement(json)) {
            if (json.currentToken() == JsonToken.VALUE_STRING) {
                text.text(json.getText());
            } else if (Json.isObject(json)) {
                readPart(json);
            }
        }
    }

    private void readPart(JsonParser json) throws IOException {
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "text" -> readContent(json);
                case "refusal" -> readRefusal(json);
                case "thinking" -> readThinking(json);
                default -> json.skipChildren();
            }
        }
    }

    /** A thought: a text, an object with one, or a list of these. */
    private void readThinking(JsonParser json) throws IOException {
        switch (json.currentToken()) {
            case VALUE_STRING -> parts().reasoning(json.getText());
            case START_OBJECT -> {
                for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                    if (field.equals("text")) {
                        readThinking(json);
                    }
                    json.skipChildren();
                }
            }
            case START_ARRAY -> {
                while (Json.nextElement(json)) {
                    readThinking(json);
                }
            }
            default -> {
                // no thought
            }
        }
    }

    /** Some servers say it twice, under the old name and the new. */
    private @Nullable String readThought(JsonParser json, @Nullable String before) throws IOException {
        String text = Json.text(json, null);
        if (text == null || text.equals(before)) {
            return before;
        }
        thought |= !text.isEmpty();
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
        if (toolCalls.count() == 0
                && !thought
                && parts.size() < 2
                && details.json().isEmpty()) {
            return parts;
        }
        List<Part> all = new ArrayList<>(parts.size() + toolCalls.count());
        for (Part part : parts) {
            if (part instanceof Part.Reasoning) {
                all.add(part);
            }
        }
        if (!details.json().isEmpty()) {
            String words = all.isEmpty() ? "" : ((Part.Reasoning) all.remove(0)).text();
            all.add(0, new Part.Reasoning(words, details.json(), ReasoningDetails.PROTOCOL));
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
