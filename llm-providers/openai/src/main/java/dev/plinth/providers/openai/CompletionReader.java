package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.ErrorBody;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Puts an answer together out of a completion, or out of the chunks of a stream: both have the same shape, the one with
 * a {@code message}, the others with a {@code delta}. Tolerates what servers are known to do differently.
 */
final class CompletionReader {

    private final boolean streamed;
    private final Queue<StreamEvent> events = new ArrayDeque<>(2);
    private final StringBuilder reasoning = new StringBuilder();
    private final ToolCallParts toolCalls = new ToolCallParts();
    private final UsageReader usage = new UsageReader();
    private final ErrorBody.Fields errors = new ErrorBody.Fields();
    private String wholeText = "";
    private @Nullable String id;
    private @Nullable String model;
    private @Nullable String finishReason;
    private @Nullable ErrorBody error;
    private boolean refused;
    private boolean hasChoice;

    CompletionReader(boolean streamed) {
        this.streamed = streamed;
    }

    /** The next event of the chunks read so far, or null. */
    @Nullable
    StreamEvent nextEvent() {
        return events.poll();
    }

    /** Ends what chunks left open; whether that made events. */
    boolean endToolCalls() {
        return toolCalls.end(events);
    }

    @Nullable
    ErrorBody error() {
        return error;
    }

    boolean hasChoice() {
        return hasChoice;
    }

    boolean finished() {
        return finishReason != null;
    }

    Usage usage() {
        return usage.usage();
    }

    /** The text of a completion; that of a stream is in its events. */
    String text() {
        return wholeText;
    }

    /** Reads one completion or chunk, from the parser's current token to the end of its object. */
    void read(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new JsonParseException(json, "not an object");
        }
        errors.reset();
        boolean answers = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "choices" -> {
                    answers = true;
                    readChoices(json, value);
                }
                case "usage", "x_groq" -> usage.read(json, value);
                case "id" -> id = firstText(json, value, id);
                case "model" -> model = firstText(json, value, model);
                default -> {
                    if (!errors.read(field, json)) {
                        json.skipChildren();
                    }
                }
            }
        }
        requireEnd(json);
        error = errors.found(answers);
    }

    /** Reads an event that is an error by its name. */
    void readError(JsonParser json) throws IOException {
        error = ErrorBody.read(json);
    }

    private static void requireEnd(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.END_OBJECT) {
            throw new JsonParseException(json, "cut short");
        }
    }

    private void readChoices(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            json.skipChildren();
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
        hasChoice = true;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "message", "delta" -> readMessage(json, value);
                case "finish_reason" -> finishReason = text(json, value, finishReason);
                case "usage" -> usage.read(json, value);
                default -> json.skipChildren();
            }
        }
    }

    private void readMessage(JsonParser json, JsonToken start) throws IOException {
        if (start != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        String thought = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "content" -> readContent(json, value);
                case "refusal" -> readRefusal(json, value);
                case "reasoning_content", "reasoning" -> thought = readThought(json, value, thought);
                case "tool_calls" -> toolCalls.read(json, value, streamed ? events : null);
                default -> json.skipChildren();
            }
        }
    }

    /** A text, or the parts of one; a part may be what the model thought. */
    private void readContent(JsonParser json, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_STRING) {
            addText(json.getText());
            return;
        }
        if (value != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.START_OBJECT) {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken inner = json.nextToken();
                switch (field) {
                    case "text", "refusal" -> readContent(json, inner);
                    case "thinking" -> readThinking(json, inner);
                    default -> json.skipChildren();
                }
            }
        }
    }

    private void readThinking(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            readReasoning(json, value);
            return;
        }
        while (json.nextToken() == JsonToken.START_OBJECT) {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken inner = json.nextToken();
                if (field.equals("text")) {
                    readReasoning(json, inner);
                } else {
                    json.skipChildren();
                }
            }
        }
    }

    private void readReasoning(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.VALUE_STRING) {
            json.skipChildren();
            return;
        }
        String text = json.getText();
        if (!text.isEmpty()) {
            reasoning.append(text);
            if (streamed) {
                events.add(new StreamEvent.ReasoningDelta(text));
            }
        }
    }

    /** Some servers say it twice, under the old name and the new. */
    private @Nullable String readThought(JsonParser json, JsonToken value, @Nullable String before) throws IOException {
        if (value != JsonToken.VALUE_STRING || json.getText().equals(before)) {
            json.skipChildren();
            return before;
        }
        readReasoning(json, value);
        return json.getText();
    }

    private void readRefusal(JsonParser json, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_STRING && json.getTextLength() > 0) {
            refused = true;
            addText(json.getText());
        } else {
            json.skipChildren();
        }
    }

    private void addText(String text) {
        if (text.isEmpty()) {
            return;
        }
        if (streamed) {
            events.add(new StreamEvent.TextDelta(text)); // the stream keeps the text already
        } else {
            wholeText = wholeText.concat(text); // of one piece nearly always, and then no copy
        }
    }

    /** The answer, with this text. */
    ChatResponse response(String text, String provider, @Nullable String requestId) {
        List<Part> parts = new ArrayList<>(2);
        if (reasoning.length() > 0) {
            parts.add(new Part.Reasoning(reasoning.toString(), null));
        }
        if (!text.isEmpty()) {
            parts.add(new Part.Text(text));
        }
        List<ToolCall> calls = toolCalls.toolCalls();
        parts.addAll(calls);
        return ChatResponse.builder()
                .message(Message.assistant(parts))
                .finishReason(refused ? FinishReason.REFUSAL : FinishReasons.of(finishReason, !calls.isEmpty()))
                .rawFinishReason(finishReason)
                .usage(usage.usage())
                .id(id)
                .requestId(requestId)
                .provider(provider)
                .model(model)
                .build();
    }

    private static @Nullable String text(JsonParser json, JsonToken value, @Nullable String otherwise)
            throws IOException {
        if (value == JsonToken.VALUE_STRING) {
            return json.getText();
        }
        json.skipChildren();
        return otherwise;
    }

    /** Every chunk repeats them: only the first that is not empty becomes a String. */
    private static @Nullable String firstText(JsonParser json, JsonToken value, @Nullable String known)
            throws IOException {
        if (known == null && value == JsonToken.VALUE_STRING && json.getTextLength() > 0) {
            return json.getText();
        }
        json.skipChildren();
        return known;
    }
}
