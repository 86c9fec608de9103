package dev.plinth.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.providers.bedrock.Bedrock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** A recorded body of Converse said in our words. */
final class BedrockRequests {
    private static final Set<String> OURS = Set.of(
            "messages",
            "system",
            "inferenceConfig",
            "toolConfig",
            "guardrailConfig",
            "additionalModelRequestFields",
            "requestMetadata",
            "performanceConfig");

    private BedrockRequests() {}

    static ChatRequest chat(JsonNode body) {
        ChatRequest.Builder request = ChatRequest.builder();
        if (body.has("system")) {
            request.message(new Message(Role.SYSTEM, parts(body.get("system"))));
        }
        body.get("messages").forEach(message -> request.message(message(message)));
        limits(body.path("inferenceConfig"), request);
        if (body.has("toolConfig")) {
            tools(body.get("toolConfig"), request);
        }
        text(body, "guardrailConfig", json -> request.option(Bedrock.GUARDRAIL, json));
        text(body, "additionalModelRequestFields", json -> request.option(Bedrock.MODEL_FIELDS, json));
        text(body, "requestMetadata", json -> request.option(Bedrock.REQUEST_METADATA, json));
        if (body.has("performanceConfig")) {
            request.option(
                    Bedrock.LATENCY, body.at("/performanceConfig/latency").asText());
        }
        ObjectNode rest = RecordedCase.JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            if (!OURS.contains(field.getKey())) {
                rest.set(field.getKey(), field.getValue());
            }
        }
        if (!rest.isEmpty()) {
            request.option(Bedrock.EXTRA_BODY, rest.toString());
        }
        return request.build();
    }

    private static void text(JsonNode body, String field, Consumer<String> then) {
        if (body.has(field)) {
            then.accept(body.get(field).toString());
        }
    }

    private static void limits(JsonNode config, ChatRequest.Builder request) {
        if (config.has("maxTokens")) {
            request.maxOutputTokens(config.get("maxTokens").asInt());
        }
        if (config.has("temperature")) {
            request.temperature(config.get("temperature").asDouble());
        }
        if (config.has("topP")) {
            request.topP(config.get("topP").asDouble());
        }
        List<String> stop = new ArrayList<>();
        config.path("stopSequences").forEach(text -> stop.add(text.asText()));
        request.stop(stop.toArray(String[]::new));
    }

    private static void tools(JsonNode config, ChatRequest.Builder request) {
        for (JsonNode tool : config.get("tools")) {
            if (tool.has("cachePoint")) {
                request.option(Bedrock.CACHE_TOOLS, Duration.ofMinutes(5));
            } else {
                JsonNode spec = tool.get("toolSpec");
                request.tool(new ToolSpec(
                        spec.get("name").asText(),
                        spec.get("description").asText(),
                        spec.at("/inputSchema/json").toString()));
            }
        }
        JsonNode choice = config.path("toolChoice");
        if (choice.has("tool")) {
            request.toolChoice(ToolChoice.tool(choice.at("/tool/name").asText()));
        } else if (choice.has("any")) {
            request.toolChoice(ToolChoice.REQUIRED);
        }
    }

    private static Message message(JsonNode message) {
        boolean assistant = message.get("role").asText().equals("assistant");
        JsonNode content = message.get("content");
        if (!content.get(0).has("toolResult")) {
            return new Message(assistant ? Role.ASSISTANT : Role.USER, parts(content));
        }
        List<ToolResult> results = new ArrayList<>();
        for (JsonNode block : content) {
            JsonNode result = block.get("toolResult");
            results.add(new ToolResult(
                    result.get("toolUseId").asText(),
                    "tool",
                    result.get("content").toString(),
                    false));
        }
        return Message.tool(results);
    }

    private static List<Part> parts(JsonNode content) {
        List<Part> parts = new ArrayList<>();
        content.forEach(block -> parts.add(part(block)));
        return parts;
    }

    private static Part part(JsonNode block) {
        if (block.has("text")) {
            return new Part.Text(block.get("text").asText());
        }
        if (block.has("cachePoint")) {
            return new Part.CachePoint();
        }
        if (block.has("image")) {
            String format = block.at("/image/format").asText();
            return new Part.Image(Media.of(bytes(block.at("/image/source/bytes")), "image/" + format));
        }
        if (block.has("document")) {
            byte[] bytes = bytes(block.at("/document/source/bytes"));
            return new Part.File(
                    Media.of(
                            bytes, "application/" + block.at("/document/format").asText()),
                    block.at("/document/name").asText());
        }
        JsonNode call = block.get("toolUse");
        return new ToolCall(
                call.get("toolUseId").asText(),
                call.get("name").asText(),
                call.get("input").toString());
    }

    private static byte[] bytes(JsonNode base64) {
        return Base64.getDecoder().decode(base64.asText());
    }
}
