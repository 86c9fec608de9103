package dev.plinth.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ReasoningEffort;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.providers.openai.OpenAi;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A body of Responses said in our words. */
final class OpenAiResponsesRequests {
    private static final String PROTOCOL = "openai-responses";
    private static final Set<String> OURS = Set.of(
            "model",
            "input",
            "instructions",
            "stream",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "text",
            "reasoning",
            "temperature",
            "top_p",
            "max_output_tokens",
            "service_tier",
            "user",
            "store",
            "previous_response_id",
            "include");

    private OpenAiResponsesRequests() {}

    static ChatRequest chat(JsonNode body) {
        ChatRequest.Builder request =
                ChatRequest.builder().model(body.path("model").asText());
        if (body.has("instructions")) {
            request.system(body.get("instructions").asText());
        }
        messages(body.path("input")).forEach(request::message);
        tools(body, request);
        format(body.path("text"), request);
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            setting(field.getKey(), field.getValue(), request);
        }
        extra(body, request);
        return request.build();
    }

    /** Items of one turn belong to one message of the assistant. */
    private static List<Message> messages(JsonNode input) {
        List<Message> messages = new ArrayList<>();
        if (!input.isArray()) {
            messages.add(Message.user(input.asText()));
        }
        List<Part> turn = new ArrayList<>();
        for (JsonNode item : input) {
            Part part = assistantPart(item);
            if (part != null) {
                turn.add(part);
                continue;
            }
            if (!turn.isEmpty()) {
                messages.add(Message.assistant(turn));
                turn = new ArrayList<>();
            }
            messages.add(message(item));
        }
        if (!turn.isEmpty()) {
            messages.add(Message.assistant(turn));
        }
        return messages;
    }

    private static @Nullable Part assistantPart(JsonNode item) {
        String type = item.path("type").asText();
        if (type.equals("reasoning")) {
            return new Part.Reasoning(item.at("/summary/0/text").asText(), item.toString(), PROTOCOL);
        }
        if (type.equals("function_call")) {
            return new ToolCall(
                    item.path("call_id").asText(),
                    item.path("name").asText(),
                    item.path("arguments").asText());
        }
        boolean said = item.path("role").asText().equals("assistant")
                && item.path("content").isTextual();
        return said ? new Part.Text(item.path("content").asText()) : null;
    }

    private static Message message(JsonNode item) {
        if (item.path("type").asText().equals("function_call_output")) {
            String output = item.path("output").asText();
            return Message.tool(List.of(new ToolResult(item.path("call_id").asText(), "tool", output, false)));
        }
        List<Part> parts = new ArrayList<>();
        if (item.path("content").isTextual()) {
            parts.add(new Part.Text(item.get("content").asText()));
        }
        if (item.path("content").isArray()) {
            item.get("content").forEach(part -> parts.add(part(part)));
        }
        return new Message(
                switch (item.path("role").asText()) {
                    case "system", "developer" -> Role.SYSTEM;
                    case "assistant" -> Role.ASSISTANT;
                    default -> Role.USER;
                },
                parts);
    }

    private static Part part(JsonNode part) {
        return switch (part.path("type").asText()) {
            case "input_text", "output_text" -> new Part.Text(part.path("text").asText());
            case "input_image" ->
                new Part.Image(
                        OpenAiChatRequests.media(part.path("image_url").asText(), "image/png"),
                        part.has("detail") ? part.get("detail").asText() : null);
            case "input_file" ->
                new Part.File(
                        OpenAiChatRequests.media(part.path("file_data").asText(), "application/pdf"),
                        part.path("filename").asText());
            default -> new Part.Other(PROTOCOL, part.path("type").asText(), part.toString());
        };
    }

    private static void tools(JsonNode body, ChatRequest.Builder request) {
        for (JsonNode tool : body.path("tools")) {
            request.tool(new ToolSpec(
                    tool.path("name").asText(),
                    tool.path("description").asText(),
                    tool.path("parameters").toString()));
            if (tool.has("strict")) {
                request.option(OpenAi.STRICT_TOOLS, tool.get("strict").asBoolean());
            }
        }
        JsonNode choice = body.path("tool_choice");
        if (choice.isObject()) {
            request.toolChoice(ToolChoice.tool(choice.path("name").asText()));
        } else if (choice.asText().equals("required")) {
            request.toolChoice(ToolChoice.REQUIRED);
        } else if (choice.asText().equals("none")) {
            request.toolChoice(ToolChoice.NONE);
        }
    }

    private static void format(JsonNode text, ChatRequest.Builder request) {
        JsonNode format = text.path("format");
        if (format.path("type").asText().equals("json_schema")) {
            request.responseFormat(new ResponseFormat.Schema(
                    format.path("name").asText(),
                    format.path("schema").toString(),
                    format.path("strict").asBoolean()));
        } else if (format.path("type").asText().equals("json_object")) {
            request.responseFormat(ResponseFormat.JSON);
        }
        if (text.has("verbosity")) {
            request.option(OpenAi.VERBOSITY, text.get("verbosity").asText());
        }
    }

    private static void setting(String name, JsonNode value, ChatRequest.Builder request) {
        switch (name) {
            case "temperature" -> request.temperature(value.asDouble());
            case "top_p" -> request.topP(value.asDouble());
            case "max_output_tokens" -> request.maxOutputTokens(value.asInt());
            case "parallel_tool_calls" -> request.parallelToolCalls(value.asBoolean());
            case "service_tier" -> request.serviceTier(value.asText());
            case "user" -> request.userId(value.asText());
            case "store" -> request.option(OpenAi.STORE, value.asBoolean());
            case "previous_response_id" -> request.option(OpenAi.PREVIOUS_RESPONSE_ID, value.asText());
            case "include" ->
                request.option(
                        OpenAi.ENCRYPTED_REASONING,
                        OpenAiChatRequests.texts(value).contains("reasoning.encrypted_content"));
            case "reasoning" -> {
                if (value.has("effort")) {
                    String effort = value.get("effort").asText();
                    request.reasoningEffort(ReasoningEffort.valueOf(effort.toUpperCase(Locale.ROOT)));
                }
                if (value.has("summary")) {
                    request.option(
                            OpenAi.REASONING_SUMMARY, value.get("summary").asText());
                }
            }
            default -> {
                // read elsewhere, or it goes along as it is
            }
        }
    }

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
}
