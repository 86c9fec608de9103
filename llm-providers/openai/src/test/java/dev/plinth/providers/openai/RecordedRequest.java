package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ReasoningEffort;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.InputType;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A recorded body said in our words. */
final class RecordedRequest {
    private static final Set<String> OURS = Set.of(
            "model",
            "messages",
            "stream",
            "stream_options",
            "tools",
            "tool_choice",
            "response_format",
            "temperature",
            "top_p",
            "max_tokens",
            "max_completion_tokens",
            "stop",
            "seed",
            "user",
            "reasoning_effort",
            "service_tier",
            "parallel_tool_calls",
            "logprobs",
            "top_logprobs");

    private RecordedRequest() {}

    static ChatRequest chat(JsonNode body) {
        ChatRequest.Builder request =
                ChatRequest.builder().model(body.get("model").asText());
        body.get("messages").forEach(message -> request.message(message(message)));
        for (JsonNode tool : body.path("tools")) {
            JsonNode function = tool.get("function");
            request.tool(new ToolSpec(
                    function.get("name").asText(),
                    function.get("description").asText(),
                    function.get("parameters").toString()));
            request.option(OpenAi.STRICT_TOOLS, function.get("strict").asBoolean());
        }
        if (body.path("tool_choice").isObject()) {
            request.toolChoice(
                    ToolChoice.tool(body.at("/tool_choice/function/name").asText()));
        }
        if (body.has("response_format")) {
            request.responseFormat(format(body.get("response_format")));
        }
        settings(body, request);
        extra(body, request);
        return request.build();
    }

    private static void settings(JsonNode body, ChatRequest.Builder request) {
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            JsonNode value = field.getValue();
            switch (field.getKey()) {
                case "temperature" -> request.temperature(value.asDouble());
                case "top_p" -> request.topP(value.asDouble());
                case "max_tokens", "max_completion_tokens" -> request.maxOutputTokens(value.asInt());
                case "stop" -> request.stop(value.get(0).asText());
                case "seed" -> request.seed(value.asLong());
                case "user" -> request.userId(value.asText());
                case "reasoning_effort" ->
                    request.reasoningEffort(
                            ReasoningEffort.valueOf(value.asText().toUpperCase(Locale.ROOT)));
                case "service_tier" -> request.serviceTier(value.asText());
                case "logprobs" -> request.logprobs(body.path("top_logprobs").asInt());
                case "parallel_tool_calls" -> request.parallelToolCalls(value.asBoolean());
                default -> assertThat(field.getKey()).isNotBlank();
            }
        }
    }

    /** What we have no words of our own for. */
    private static void extra(JsonNode body, ChatRequest.Builder request) {
        ObjectNode extra = Recordings.JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            if (!OURS.contains(field.getKey())) {
                extra.set(field.getKey(), field.getValue());
            }
        }
        if (!extra.isEmpty()) {
            request.option(OpenAi.EXTRA_BODY, extra.toString());
        }
    }

    private static ResponseFormat format(JsonNode format) {
        if (format.get("type").asText().equals("json_object")) {
            return ResponseFormat.JSON;
        }
        JsonNode schema = format.get("json_schema");
        return new ResponseFormat.Schema(
                schema.get("name").asText(),
                schema.get("schema").toString(),
                schema.get("strict").asBoolean());
    }

    private static Message message(JsonNode message) {
        String role = message.get("role").asText();
        if (role.equals("tool")) {
            String id = message.get("tool_call_id").asText();
            return Message.tool(
                    List.of(new ToolResult(id, "tool", message.get("content").asText(), false)));
        }
        List<Part> parts = new ArrayList<>();
        JsonNode content = message.get("content");
        if (content.isTextual()) {
            parts.add(new Part.Text(content.asText()));
        }
        if (content.isArray()) {
            content.forEach(part -> parts.add(part(part)));
        }
        for (JsonNode call : message.path("tool_calls")) {
            JsonNode function = call.get("function");
            parts.add(new ToolCall(
                    call.get("id").asText(),
                    function.get("name").asText(),
                    function.get("arguments").asText()));
        }
        return new Message(
                switch (role) {
                    case "system", "developer" -> Role.SYSTEM;
                    case "assistant" -> Role.ASSISTANT;
                    default -> Role.USER;
                },
                parts);
    }

    private static Part part(JsonNode part) {
        if (part.get("type").asText().equals("text")) {
            return new Part.Text(part.get("text").asText());
        }
        JsonNode image = part.get("image_url");
        String url = image.get("url").asText();
        String detail = image.has("detail") ? image.get("detail").asText() : null;
        if (!url.startsWith("data:")) {
            return new Part.Image(Media.of(URI.create(url), "image/png"), detail);
        }
        String mimeType = url.substring("data:".length(), url.indexOf(';'));
        byte[] bytes = Base64.getDecoder().decode(url.substring(url.indexOf(',') + 1));
        return new Part.Image(Media.of(bytes, mimeType), detail);
    }

    static EmbeddingRequest embedding(JsonNode body) {
        List<String> texts = new ArrayList<>();
        if (body.get("input").isTextual()) {
            texts.add(body.get("input").asText());
        }
        body.get("input").forEach(text -> texts.add(text.asText()));
        EmbeddingRequest.Builder request = EmbeddingRequest.builder(texts, InputType.DOCUMENT)
                .model(body.get("model").asText());
        if (body.has("dimensions")) {
            request.dimensions(body.get("dimensions").asInt());
        }
        return request.build();
    }
}
