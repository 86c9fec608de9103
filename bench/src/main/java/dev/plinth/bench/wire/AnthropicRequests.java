package dev.plinth.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
import dev.plinth.providers.anthropic.Anthropic;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A body of the Messages API said in our words. */
final class AnthropicRequests {

    private AnthropicRequests() {}

    static ChatRequest chat(JsonNode body) {
        ChatRequest.Builder request =
                ChatRequest.builder().model(body.path("model").asText());
        if (body.has("system")) {
            request.message(new Message(Role.SYSTEM, parts(body.get("system"))));
        }
        body.path("messages").forEach(message -> message(message, request));
        tools(body.path("tools"), request);
        ObjectNode extra = RecordedCase.JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            if (!setting(field.getKey(), field.getValue(), request)) {
                extra.set(field.getKey(), field.getValue());
            }
        }
        if (!extra.isEmpty()) {
            request.option(Anthropic.EXTRA_BODY, extra.toString());
        }
        return request.build();
    }

    /** Whether we have words of our own for a field. */
    private static boolean setting(String name, JsonNode value, ChatRequest.Builder request) {
        switch (name) {
            case "model", "system", "messages", "tools", "stream" -> {
                // read elsewhere
            }
            case "max_tokens" -> request.maxOutputTokens(value.asInt());
            case "temperature" -> request.temperature(value.asDouble());
            case "top_p" -> request.topP(value.asDouble());
            case "top_k" -> request.option(Anthropic.TOP_K, value.asInt());
            case "stop_sequences" ->
                request.stop(OpenAiChatRequests.texts(value).toArray(String[]::new));
            case "metadata" -> request.userId(value.path("user_id").asText());
            case "service_tier" -> request.serviceTier(value.asText());
            case "tool_choice" -> choice(value, request);
            case "thinking" -> thinking(value, request);
            case "output_config" -> output(value, request);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void choice(JsonNode choice, ChatRequest.Builder request) {
        switch (choice.path("type").asText()) {
            case "any" -> request.toolChoice(ToolChoice.REQUIRED);
            case "tool" ->
                request.toolChoice(ToolChoice.tool(choice.path("name").asText()));
            case "none" -> request.toolChoice(ToolChoice.NONE);
            default -> request.toolChoice(ToolChoice.AUTO);
        }
        if (choice.has("disable_parallel_tool_use")) {
            request.parallelToolCalls(!choice.get("disable_parallel_tool_use").asBoolean());
        }
    }

    private static void thinking(JsonNode thinking, ChatRequest.Builder request) {
        switch (thinking.path("type").asText()) {
            case "enabled" ->
                request.option(
                        Anthropic.THINKING_BUDGET,
                        thinking.path("budget_tokens").asInt());
            case "adaptive" -> request.option(Anthropic.THINKING, true);
            default -> request.option(Anthropic.THINKING, false);
        }
        if (thinking.has("display")) {
            request.option(Anthropic.THINKING_DISPLAY, thinking.get("display").asText());
        }
    }

    private static void output(JsonNode output, ChatRequest.Builder request) {
        if (output.has("effort")) {
            String effort = output.get("effort").asText().toUpperCase(Locale.ROOT);
            request.reasoningEffort(ReasoningEffort.valueOf(effort));
        }
        if (output.has("format")) {
            String schema = output.at("/format/schema").toString();
            request.responseFormat(new ResponseFormat.Schema("answer", schema, true));
        }
    }

    private static void tools(JsonNode tools, ChatRequest.Builder request) {
        ArrayNode others = RecordedCase.JSON.createArrayNode();
        for (JsonNode tool : tools) {
            if (!tool.has("input_schema")) {
                others.add(tool);
                continue;
            }
            request.tool(new ToolSpec(
                    tool.path("name").asText(),
                    tool.path("description").asText(),
                    tool.get("input_schema").toString()));
            if (tool.path("strict").asBoolean()) {
                request.option(Anthropic.STRICT_TOOLS, true);
            }
        }
        if (!others.isEmpty()) {
            request.option(Anthropic.SERVER_TOOLS, others.toString());
        }
    }

    /** Results of tools are a message of their own to us. */
    private static void message(JsonNode message, ChatRequest.Builder request) {
        List<ToolResult> results = new ArrayList<>();
        List<Part> others = new ArrayList<>();
        for (Part part : parts(message.path("content"))) {
            if (part instanceof ToolResult result) {
                results.add(result);
            } else {
                others.add(part);
            }
        }
        if (!results.isEmpty()) {
            request.message(Message.tool(results));
        }
        if (!others.isEmpty()) {
            boolean user = message.path("role").asText().equals("user");
            request.message(new Message(user ? Role.USER : Role.ASSISTANT, others));
        }
    }

    private static List<Part> parts(JsonNode content) {
        List<Part> parts = new ArrayList<>();
        if (content.isTextual()) {
            parts.add(new Part.Text(content.asText()));
        }
        for (JsonNode block : content) {
            parts.add(part(block));
            if (block.has("cache_control")) {
                String ttl = block.at("/cache_control/ttl").asText();
                parts.add(new Part.CachePoint(ttl.isEmpty() ? null : Duration.parse("PT" + ttl)));
            }
        }
        return parts;
    }

    private static Part part(JsonNode block) {
        String type = block.path("type").asText();
        return switch (type) {
            case "text" -> new Part.Text(block.path("text").asText());
            case "image" -> new Part.Image(media(block.path("source"), "image/png"));
            case "document" ->
                new Part.File(media(block.path("source"), "application/pdf"), Reading.text(block.path("title")));
            case "thinking" ->
                new Part.Reasoning(
                        block.path("thinking").asText(), block.path("signature").asText(), Anthropic.PROTOCOL);
            case "tool_use" ->
                new ToolCall(
                        block.path("id").asText(),
                        block.path("name").asText(),
                        block.path("input").toString());
            case "tool_result" ->
                new ToolResult(
                        block.path("tool_use_id").asText(),
                        "tool",
                        resultText(block.path("content")),
                        block.path("is_error").asBoolean());
            default -> new Part.Other(Anthropic.PROTOCOL, type, block.toString());
        };
    }

    private static String resultText(JsonNode content) {
        StringBuilder text = new StringBuilder(content.isTextual() ? content.asText() : "");
        content.forEach(block -> text.append(block.path("text").asText()));
        return text.toString();
    }

    private static Media media(JsonNode source, String mimeType) {
        return switch (source.path("type").asText()) {
            case "url" -> Media.of(URI.create(source.path("url").asText()), mimeType);
            case "file" -> Anthropic.file(source.path("file_id").asText(), mimeType);
            default ->
                Media.of(
                        Base64.getDecoder().decode(source.path("data").asText()),
                        source.path("media_type").asText());
        };
    }
}
