package dev.plinth.bench.wire;

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
import dev.plinth.providers.openai.OpenAi;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A body of Chat Completions, or of embeddings, said in our words. */
final class OpenAiChatRequests {
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
            "top_logprobs",
            "store",
            "verbosity",
            "prompt_cache_key");

    private OpenAiChatRequests() {}

    static ChatRequest chat(JsonNode body) {
        ChatRequest.Builder request =
                ChatRequest.builder().model(body.path("model").asText());
        body.path("messages").forEach(message -> request.message(message(message)));
        tools(body, request);
        if (body.path("response_format").isObject()) {
            format(body.get("response_format"), request);
        }
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            setting(field.getKey(), field.getValue(), body, request);
        }
        extra(body, request);
        return request.build();
    }

    private static void tools(JsonNode body, ChatRequest.Builder request) {
        for (JsonNode tool : body.path("tools")) {
            JsonNode function = tool.path("function");
            request.tool(new ToolSpec(
                    function.path("name").asText(),
                    function.path("description").asText(),
                    function.path("parameters").toString()));
            if (function.has("strict")) {
                request.option(OpenAi.STRICT_TOOLS, function.get("strict").asBoolean());
            }
        }
        JsonNode choice = body.path("tool_choice");
        if (choice.isObject()) {
            request.toolChoice(ToolChoice.tool(choice.at("/function/name").asText()));
        } else if (choice.asText().equals("required") || choice.asText().equals("any")) {
            request.toolChoice(ToolChoice.REQUIRED);
        } else if (choice.asText().equals("none")) {
            request.toolChoice(ToolChoice.NONE);
        }
    }

    private static void setting(String name, JsonNode value, JsonNode body, ChatRequest.Builder request) {
        switch (name) {
            case "temperature" -> request.temperature(value.asDouble());
            case "top_p" -> request.topP(value.asDouble());
            case "max_tokens", "max_completion_tokens" -> request.maxOutputTokens(value.asInt());
            case "stop" -> request.stop(texts(value).toArray(String[]::new));
            case "seed" -> request.seed(value.asLong());
            case "user" -> request.userId(value.asText());
            case "reasoning_effort" ->
                request.reasoningEffort(ReasoningEffort.valueOf(value.asText().toUpperCase(Locale.ROOT)));
            case "service_tier" -> request.serviceTier(value.asText());
            case "store" -> request.option(OpenAi.STORE, value.asBoolean());
            case "verbosity" -> request.option(OpenAi.VERBOSITY, value.asText());
            case "prompt_cache_key" -> request.option(OpenAi.PROMPT_CACHE_KEY, value.asText());
            case "parallel_tool_calls" -> request.parallelToolCalls(value.asBoolean());
            case "logprobs" -> {
                if (value.asBoolean()) {
                    request.logprobs(body.path("top_logprobs").asInt());
                }
            }
            default -> {
                // messages and tools are read elsewhere, the rest goes along as it is
            }
        }
    }

    /** One text or several. */
    static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        if (node.isTextual()) {
            texts.add(node.asText());
        }
        node.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** What we have no words of our own for. */
    private static void extra(JsonNode body, ChatRequest.Builder request) {
        ObjectNode extra = RecordedCase.JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            if (!OURS.contains(field.getKey())) {
                extra.set(field.getKey(), field.getValue());
            }
        }
        if (!extra.isEmpty()) {
            request.option(OpenAi.EXTRA_BODY, extra.toString());
        }
    }

    private static void format(JsonNode format, ChatRequest.Builder request) {
        if (format.path("type").asText().equals("json_object")) {
            request.responseFormat(ResponseFormat.JSON);
        } else if (format.path("type").asText().equals("json_schema")) {
            JsonNode schema = format.get("json_schema");
            request.responseFormat(new ResponseFormat.Schema(
                    schema.path("name").asText(),
                    schema.path("schema").toString(),
                    schema.path("strict").asBoolean()));
        }
    }

    private static Message message(JsonNode message) {
        String role = message.path("role").asText();
        if (role.equals("tool")) {
            String id = message.path("tool_call_id").asText();
            String text = String.join("", texts(message.path("content")));
            return Message.tool(List.of(new ToolResult(id, "tool", text, false)));
        }
        List<Part> parts = new ArrayList<>();
        JsonNode content = message.path("content");
        if (content.isTextual()) {
            parts.add(new Part.Text(content.asText()));
        }
        if (content.isArray()) {
            content.forEach(part -> parts.add(part(part)));
        }
        for (JsonNode call : message.path("tool_calls")) {
            JsonNode function = call.path("function");
            parts.add(new ToolCall(
                    call.path("id").asText(),
                    function.path("name").asText(),
                    function.path("arguments").asText()));
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
        return switch (part.path("type").asText()) {
            case "text" -> new Part.Text(part.path("text").asText());
            case "image_url" -> image(part.path("image_url"));
            default -> new Part.Other("openai", part.path("type").asText(), part.toString());
        };
    }

    private static Part image(JsonNode image) {
        String detail = image.has("detail") ? image.get("detail").asText() : null;
        return new Part.Image(media(image.path("url").asText(), "image/png"), detail);
    }

    /** Bytes out of a data URL, or an address. */
    static Media media(String url, String mimeType) {
        if (!url.startsWith("data:")) {
            return Media.of(URI.create(url), mimeType);
        }
        String type = url.substring("data:".length(), url.indexOf(';'));
        return Media.of(Base64.getDecoder().decode(url.substring(url.indexOf(',') + 1)), type);
    }

    static EmbeddingRequest embedding(JsonNode body) {
        EmbeddingRequest.Builder request = EmbeddingRequest.builder(texts(body.path("input")), InputType.DOCUMENT)
                .model(body.path("model").asText());
        if (body.has("dimensions")) {
            request.dimensions(body.get("dimensions").asInt());
        }
        return request.build();
    }
}
