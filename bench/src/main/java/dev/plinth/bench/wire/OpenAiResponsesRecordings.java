package dev.plinth.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.providers.openai.OpenAi;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** OpenAI's Responses. */
final class OpenAiResponsesRecordings implements RecordedProtocol {

    @Override
    public String file() {
        return "openai-responses.json";
    }

    /** An input that is a number is wrong on purpose, and cannot be said. */
    @Override
    public Optional<String> left(RecordedCase recorded) {
        JsonNode input = recorded.body().path("input");
        return input.isTextual() || input.isArray()
                ? Optional.empty()
                : Optional.of("its input is no text and no items");
    }

    @Override
    public Set<String> headers() {
        return Set.of("authorization");
    }

    @Override
    public Outcome call(RecordedCase recorded, URI server) {
        try (OpenAi openAi = OpenAi.builder()
                .baseUrl(server.resolve("/v1").toString())
                .apiKey(recorded.header("authorization").replace("Bearer ", ""))
                .build()) {
            ChatModel model = openAi.responsesModel("other");
            ChatRequest request = OpenAiResponsesRequests.chat(recorded.body());
            boolean streamed = recorded.body().path("stream").asBoolean();
            return Outcome.of(() -> streamed ? model.stream(request).response() : model.chat(request));
        }
    }

    @Override
    public Reading read(RecordedCase recorded) {
        if (!recorded.error().isMissingNode()) {
            return OpenAiChatRecordings.error(recorded);
        }
        JsonNode ok = recorded.read();
        if (ok.isTextual()) {
            return new Reading().with("text", ok.asText()).with("finishReason", "STOP");
        }
        if (ok.has("types")) {
            String arguments = ok.path("args").asText();
            return new Reading()
                    .with("text", ok.path("text").asText())
                    .with("toolCalls", arguments.isEmpty() ? "[]" : "[" + Reading.call("get_weather", arguments) + "]");
        }
        return ok.has("output") ? response(ok) : new Reading().with("text", ok.toString());
    }

    private static Reading response(JsonNode ok) {
        List<String> calls = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        boolean refused = false;
        for (JsonNode item : ok.path("output")) {
            for (JsonNode content : item.path("content")) {
                refused |= content.has("refusal");
                text.append(content.path("text").asText())
                        .append(content.path("refusal").asText());
            }
            item.path("summary")
                    .forEach(part -> reasoning.append(part.path("text").asText()));
            if (item.path("type").asText().equals("function_call")) {
                calls.add(Reading.call(
                        item.path("name").asText(), item.path("arguments").asText()));
            }
        }
        JsonNode usage = ok.path("usage");
        String incomplete = Reading.text(ok.at("/incomplete_details/reason"));
        return new Reading()
                .with("id", Reading.text(ok.path("id")))
                .with("model", Reading.text(ok.path("model")))
                .with("text", text.toString())
                .with("reasoning", reasoning.toString())
                .with("toolCalls", calls.toString())
                .with("finish", incomplete == null ? Reading.text(ok.path("status")) : incomplete)
                .with("finishReason", refused ? "REFUSAL" : null)
                .with("input", Reading.number(usage.path("input_tokens")))
                .with("output", Reading.number(usage.path("output_tokens")))
                .with("cachedInput", Reading.number(usage.at("/input_tokens_details/cached_tokens")))
                .with("reasoningTokens", Reading.number(usage.at("/output_tokens_details/reasoning_tokens")));
    }
}
