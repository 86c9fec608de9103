package dev.plinth.bench.overhead;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads a completion, or chunk by chunk the deltas of a stream, as far as the floor wants to know. */
final class FloorCompletion {
    private @Nullable String id;
    private @Nullable String model;
    private String text = "";
    private @Nullable String finishReason;
    private @Nullable String toolId;
    private @Nullable String tool;
    private String toolArguments = "";
    private long inputTokens;
    private long cachedTokens;
    private long outputTokens;
    private long reasoningTokens;

    /** The text of the completion, or of the last chunk; empty when it has none. */
    String text() {
        return text;
    }

    String toolArguments() {
        return toolArguments;
    }

    boolean finished() {
        return finishReason != null;
    }

    /** Reads one object, whose first token is the parser's current one. */
    void read(JsonParser json) throws IOException {
        text = "";
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "id" -> id = id == null ? json.getText() : id;
                case "model" -> model = model == null ? json.getText() : model;
                case "choices" -> readChoices(json);
                case "usage" -> readUsage(json);
                default -> json.skipChildren();
            }
        }
    }

    private void readChoices(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.START_OBJECT) {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken value = json.nextToken();
                switch (field) {
                    case "message", "delta" -> readMessage(json);
                    case "finish_reason" ->
                        finishReason = value == JsonToken.VALUE_STRING ? json.getText() : finishReason;
                    default -> json.skipChildren();
                }
            }
        }
    }

    private void readMessage(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "content" -> text = value == JsonToken.VALUE_STRING ? json.getText() : "";
                case "tool_calls" -> readToolCalls(json);
                default -> json.skipChildren();
            }
        }
    }

    private void readToolCalls(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.START_OBJECT) {
            readToolCall(json);
        }
    }

    private void readToolCall(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "id" -> toolId = json.getText();
                case "name" -> tool = json.getText();
                case "arguments" -> toolArguments = json.getText();
                case "function" -> readToolCall(json);
                default -> json.skipChildren();
            }
        }
    }

    private void readUsage(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "prompt_tokens" -> inputTokens = json.getLongValue();
                case "completion_tokens" -> outputTokens = json.getLongValue();
                case "cached_tokens" -> cachedTokens = json.getLongValue();
                case "reasoning_tokens" -> reasoningTokens = json.getLongValue();
                case "prompt_tokens_details", "completion_tokens_details" -> readUsage(json);
                default -> json.skipChildren();
            }
        }
    }

    @Override
    public String toString() {
        return "FloorCompletion[id=" + id + ", model=" + model + ", finishReason=" + finishReason + ", tool=" + tool
                + ", toolId=" + toolId + ", tokens=" + inputTokens + "/" + cachedTokens + "/" + outputTokens + "/"
                + reasoningTokens + "]";
    }
}
