package dev.plinth.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ReasoningEffort;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.InputType;
import dev.plinth.providers.ollama.Ollama;
import dev.plinth.providers.wire.ToolCallBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A body of Ollama's chat or embeddings said in our words. */
final class OllamaRequests {

    private final ChatRequest.Builder request = ChatRequest.builder();
    private int calls;
    private int results;

    private OllamaRequests() {}

    static ChatRequest chat(JsonNode body) {
        OllamaRequests said = new OllamaRequests();
        said.request.model(body.path("model").asText());
        body.path("messages").forEach(said::message);
        for (JsonNode tool : body.path("tools")) {
            JsonNode function = tool.path("function");
            said.request.tool(new ToolSpec(
                    function.path("name").asText(),
                    function.path("description").asText(),
                    function.path("parameters").toString()));
        }
        body.path("options").properties().forEach(said::option);
        said.format(body.path("format"));
        said.think(body.path("think"));
        if (body.has("keep_alive")) {
            said.request.option(Ollama.KEEP_ALIVE, span(body.path("keep_alive").asText()));
        }
        return said.request.build();
    }

    /** Calls and results without ids belong together by their order. */
    private void message(JsonNode message) {
        String role = message.path("role").asText();
        if (role.equals("tool")) {
            String id = ToolCallBuilder.MADE_UP_ID + results++;
            String name = message.path("tool_name").asText();
            request.message(Message.tool(
                    List.of(new ToolResult(id, name, message.path("content").asText(), false))));
            return;
        }
        List<Part> parts = new ArrayList<>();
        parts.add(new Part.Text(message.path("content").asText()));
        for (JsonNode image : message.path("images")) {
            parts.add(new Part.Image(Media.of(Base64.getDecoder().decode(image.asText()), "image/png")));
        }
        for (JsonNode call : message.path("tool_calls")) {
            parts.add(new ToolCall(
                    ToolCallBuilder.MADE_UP_ID + calls++,
                    call.at("/function/name").asText(),
                    call.at("/function/arguments").toString()));
        }
        request.message(new Message(Role.valueOf(role.toUpperCase(Locale.ROOT)), parts));
    }

    private void option(Map.Entry<String, JsonNode> option) {
        JsonNode value = option.getValue();
        switch (option.getKey()) {
            case "temperature" -> request.temperature(value.asDouble());
            case "top_p" -> request.topP(value.asDouble());
            case "top_k" -> request.option(Ollama.TOP_K, value.asInt());
            case "num_ctx" -> request.option(Ollama.NUM_CTX, value.asInt());
            case "num_predict" -> request.maxOutputTokens(value.asInt());
            case "seed" -> request.seed(value.asLong());
            case "stop" -> request.stop(OpenAiChatRequests.texts(value).toArray(String[]::new));
            case "repeat_penalty" -> request.option(Ollama.REPEAT_PENALTY, value.asDouble());
            default -> request.option(Ollama.OPTIONS, "{\"" + option.getKey() + "\":" + value + "}");
        }
    }

    private void format(JsonNode format) {
        if (format.isObject()) {
            request.responseFormat(new ResponseFormat.Schema("schema", format.toString(), true));
        } else if (format.asText().equals("json")) {
            request.responseFormat(ResponseFormat.JSON);
        }
    }

    private void think(JsonNode think) {
        if (think.isBoolean()) {
            request.option(Ollama.THINK, think.asBoolean());
        } else if (think.isTextual()) {
            request.reasoningEffort(ReasoningEffort.valueOf(think.asText().toUpperCase(Locale.ROOT)));
        }
    }

    private static Duration span(String text) {
        return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    }

    static EmbeddingRequest embedding(JsonNode body) {
        EmbeddingRequest.Builder request = EmbeddingRequest.builder(
                        OpenAiChatRequests.texts(body.path("input")), InputType.DOCUMENT)
                .model(body.path("model").asText());
        if (body.has("dimensions")) {
            request.dimensions(body.path("dimensions").asInt());
        }
        if (body.has("truncate")) {
            request.option(Ollama.TRUNCATE, body.path("truncate").asBoolean());
        }
        return request.build();
    }
}
