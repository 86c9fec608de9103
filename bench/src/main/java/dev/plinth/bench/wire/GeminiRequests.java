package dev.plinth.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ReasoningEffort;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.InputType;
import dev.plinth.providers.gemini.Gemini;
import dev.plinth.providers.gemini.SafetySettings;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A body of Gemini's methods, said in our words. */
final class GeminiRequests {
    private static final Set<String> OURS = Set.of(
            "contents",
            "systemInstruction",
            "tools",
            "toolConfig",
            "safetySettings",
            "generationConfig",
            "serviceTier");

    private GeminiRequests() {}

    /** Whether its schemas are those of OpenAPI. */
    static boolean saysOpenApi(JsonNode body) {
        return body.at("/tools/0/functionDeclarations/0").has("parameters")
                || body.path("generationConfig").has("responseSchema");
    }

    static ChatRequest chat(JsonNode body) {
        ChatRequest.Builder request = ChatRequest.builder();
        body.at("/systemInstruction/parts")
                .forEach(part -> request.system(part.path("text").asText()));
        body.path("contents").forEach(content -> request.message(message(content)));
        tools(body, request);
        safety(body.path("safetySettings"), request);
        config(body.path("generationConfig"), request);
        ObjectNode extra = RecordedCase.JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            if (!OURS.contains(field.getKey())) {
                extra.set(field.getKey(), field.getValue());
            }
        }
        if (!extra.isEmpty()) {
            request.option(Gemini.EXTRA_BODY, extra.toString());
        }
        return request.build();
    }

    private static Message message(JsonNode content) {
        List<Part> parts = new ArrayList<>();
        List<ToolResult> results = new ArrayList<>();
        for (JsonNode part : content.path("parts")) {
            if (part.has("functionResponse")) {
                JsonNode result = part.get("functionResponse");
                results.add(new ToolResult(
                        result.path("id").asText(),
                        result.path("name").asText(),
                        result.path("response").toString(),
                        false));
                continue;
            }
            if (part.has("thoughtSignature")) {
                parts.add(new Part.Reasoning("", part.get("thoughtSignature").asText(), Gemini.PROTOCOL));
            }
            parts.add(part(part));
        }
        if (!results.isEmpty()) {
            return Message.tool(results);
        }
        return content.path("role").asText().equals("model")
                ? Message.assistant(parts)
                : Message.user(parts.toArray(Part[]::new));
    }

    private static Part part(JsonNode part) {
        if (part.has("text")) {
            return new Part.Text(part.get("text").asText());
        }
        if (part.has("functionCall")) {
            JsonNode call = part.get("functionCall");
            return new ToolCall(
                    call.path("id").asText(),
                    call.path("name").asText(),
                    call.path("args").toString());
        }
        JsonNode data = part.path("inlineData");
        if (data.isObject()) {
            byte[] bytes = Base64.getDecoder().decode(data.path("data").asText());
            return new Part.Image(Media.of(bytes, data.path("mimeType").asText()));
        }
        JsonNode file = part.path("fileData");
        return new Part.Image(Media.of(
                URI.create(file.path("fileUri").asText()), file.path("mimeType").asText()));
    }

    private static void tools(JsonNode body, ChatRequest.Builder request) {
        for (JsonNode tool : body.at("/tools/0/functionDeclarations")) {
            JsonNode schema = tool.has("parameters") ? tool.get("parameters") : tool.path("parametersJsonSchema");
            request.tool(new ToolSpec(
                    tool.path("name").asText(), tool.path("description").asText(), schema.toString()));
        }
        JsonNode calling = body.at("/toolConfig/functionCallingConfig");
        if (calling.has("allowedFunctionNames")) {
            request.toolChoice(
                    ToolChoice.tool(calling.at("/allowedFunctionNames/0").asText()));
        } else if (calling.path("mode").asText().equals("ANY")) {
            request.toolChoice(ToolChoice.REQUIRED);
        } else if (calling.path("mode").asText().equals("NONE")) {
            request.toolChoice(ToolChoice.NONE);
        }
    }

    private static void safety(JsonNode settings, ChatRequest.Builder request) {
        Map<String, String> thresholds = new TreeMap<>();
        settings.forEach(each -> thresholds.put(
                each.path("category").asText(), each.path("threshold").asText()));
        if (!thresholds.isEmpty()) {
            request.option(Gemini.SAFETY_SETTINGS, new SafetySettings(thresholds));
        }
    }

    private static void config(JsonNode config, ChatRequest.Builder request) {
        for (Map.Entry<String, JsonNode> field : config.properties()) {
            JsonNode value = field.getValue();
            switch (field.getKey()) {
                case "temperature" -> request.temperature(value.asDouble());
                case "topP" -> request.topP(value.asDouble());
                case "topK" -> request.option(Gemini.TOP_K, value.asInt());
                case "maxOutputTokens" -> request.maxOutputTokens(value.asInt());
                case "stopSequences" ->
                    request.stop(OpenAiChatRequests.texts(value).toArray(String[]::new));
                case "seed" -> request.seed(value.asLong());
                case "presencePenalty" -> request.option(Gemini.PRESENCE_PENALTY, value.asDouble());
                case "frequencyPenalty" -> request.option(Gemini.FREQUENCY_PENALTY, value.asDouble());
                case "thinkingConfig" -> thinking(value, request);
                case "responseJsonSchema", "responseSchema" ->
                    request.responseFormat(new ResponseFormat.Schema("answer", value.toString(), true));
                default -> {
                    // the format is said by its schema, and one candidate is the default
                }
            }
        }
    }

    private static void thinking(JsonNode thinking, ChatRequest.Builder request) {
        if (thinking.has("includeThoughts")) {
            request.option(
                    Gemini.INCLUDE_THOUGHTS, thinking.get("includeThoughts").asBoolean());
        }
        if (thinking.has("thinkingBudget")) {
            request.option(
                    Gemini.THINKING_BUDGET, thinking.get("thinkingBudget").asInt());
        }
        if (thinking.has("thinkingLevel")) {
            request.reasoningEffort(
                    ReasoningEffort.valueOf(thinking.get("thinkingLevel").asText()));
        }
    }

    static EmbeddingRequest embedding(JsonNode body) {
        List<String> texts = new ArrayList<>();
        body.path("requests")
                .forEach(each -> texts.add(each.at("/content/parts/0/text").asText()));
        JsonNode first = body.at("/requests/0");
        String task = first.path("taskType").asText("TASK_TYPE_UNSPECIFIED");
        InputType type = task.equals("RETRIEVAL_QUERY") ? InputType.QUERY : InputType.DOCUMENT;
        EmbeddingRequest.Builder request = EmbeddingRequest.builder(texts, type);
        if (!task.startsWith("RETRIEVAL_")) {
            request.option(Gemini.TASK_TYPE, task);
        }
        if (first.has("outputDimensionality")) {
            request.dimensions(first.get("outputDimensionality").asInt());
        }
        return request.build();
    }
}
