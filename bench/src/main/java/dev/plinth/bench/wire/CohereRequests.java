package dev.plinth.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.providers.cohere.Cohere;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A body of Cohere's chat, embeddings or rerank said in our words. */
final class CohereRequests {

    private CohereRequests() {}

    static ChatRequest chat(JsonNode body) {
        ChatRequest.Builder request = ChatRequest.builder();
        body.path("messages").forEach(message -> request.message(message(message)));
        for (JsonNode tool : body.path("tools")) {
            JsonNode function = tool.path("function");
            request.tool(new ToolSpec(
                    function.path("name").asText(),
                    function.path("description").asText(),
                    function.path("parameters").toString()));
        }
        body.properties().forEach(field -> setting(field.getKey(), field.getValue(), request));
        return request.build();
    }

    private static void setting(String name, JsonNode value, ChatRequest.Builder request) {
        switch (name) {
            case "model" -> request.model(value.asText());
            case "temperature" -> request.temperature(value.asDouble());
            case "p" -> request.topP(value.asDouble());
            case "k" -> request.option(Cohere.TOP_K, value.asInt());
            case "max_tokens" -> request.maxOutputTokens(value.asInt());
            case "stop_sequences" ->
                request.stop(OpenAiChatRequests.texts(value).toArray(String[]::new));
            case "seed" -> request.seed(value.asLong());
            case "frequency_penalty" -> request.option(Cohere.FREQUENCY_PENALTY, value.asDouble());
            case "presence_penalty" -> request.option(Cohere.PRESENCE_PENALTY, value.asDouble());
            case "safety_mode" -> request.option(Cohere.SAFETY_MODE, value.asText());
            case "strict_tools" -> request.option(Cohere.STRICT_TOOLS, value.asBoolean());
            case "logprobs" -> request.logprobs(0);
            case "thinking" ->
                request.option(
                        Cohere.THINKING_BUDGET, value.path("token_budget").asInt());
            case "tool_choice" -> request.toolChoice(new ToolChoice(ToolChoice.Mode.valueOf(value.asText()), null));
            case "response_format" -> request.responseFormat(format(value));
            default -> {
                // read elsewhere
            }
        }
    }

    private static ResponseFormat format(JsonNode format) {
        return format.has("json_schema")
                ? new ResponseFormat.Schema("schema", format.get("json_schema").toString(), true)
                : ResponseFormat.JSON;
    }

    private static Message message(JsonNode message) {
        JsonNode content = message.path("content");
        if (message.path("role").asText().equals("tool")) {
            String id = message.path("tool_call_id").asText();
            JsonNode data = content.at("/0/document/data");
            String text = data.isMissingNode() ? content.asText() : data.toString();
            return Message.tool(List.of(new ToolResult(id, "tool", text, false)));
        }
        List<Part> parts = new ArrayList<>();
        if (content.isTextual()) {
            parts.add(new Part.Text(content.asText()));
        }
        content.forEach(block -> parts.add(block(block)));
        if (message.has("tool_plan")) {
            parts.add(new Part.Reasoning(message.path("tool_plan").asText(), "tool_plan", Cohere.PROTOCOL));
        }
        for (JsonNode call : message.path("tool_calls")) {
            parts.add(new ToolCall(
                    call.path("id").asText(),
                    call.at("/function/name").asText(),
                    call.at("/function/arguments").asText()));
        }
        return new Message(Role.valueOf(message.path("role").asText().toUpperCase(Locale.ROOT)), parts);
    }

    private static Part block(JsonNode block) {
        if (block.path("type").asText().equals("image_url")) {
            String url = block.at("/image_url/url").asText();
            return new Part.Image(
                    OpenAiChatRequests.media(url, "image/png"), Reading.text(block.at("/image_url/detail")));
        }
        return new Part.Text(block.path("text").asText());
    }

    static EmbeddingRequest embedding(JsonNode body) {
        boolean query = body.path("input_type").asText().endsWith("query");
        List<String> texts = OpenAiChatRequests.texts(body.has("texts") ? body.get("texts") : body.path("input"));
        EmbeddingRequest.Builder request = EmbeddingRequest.builder(texts, query ? InputType.QUERY : InputType.DOCUMENT)
                .model(body.path("model").asText());
        if (body.has("output_dimension")) {
            request.dimensions(body.path("output_dimension").asInt());
        }
        return request.build();
    }

    static RerankRequest rerank(JsonNode body) {
        JsonNode top = body.has("top_n") ? body.get("top_n") : body.path("top_k");
        return RerankRequest.of(
                body.path("query").asText(), OpenAiChatRequests.texts(body.path("documents")), top.asInt());
    }
}
