package dev.plinth.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.providers.openai.OpenAi;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** OpenAI's Chat Completions and embeddings. */
final class OpenAiChatRecordings implements RecordedProtocol {

    /** The categories that an error class of the official client may be for us. */
    static final Map<String, Set<String>> ERRORS = Map.of(
            "BadRequestError", Set.of("invalid_request", "context_too_long", "content_filtered"),
            "AuthenticationError", Set.of("authentication"),
            "PermissionDeniedError", Set.of("authentication"),
            "NotFoundError", Set.of("model_not_found", "invalid_request"),
            "RateLimitError", Set.of("rate_limited", "quota_exhausted"),
            "InternalServerError", Set.of("overloaded"),
            "APIError", Set.of("overloaded"),
            "SyntaxError", Set.of("malformed_response"),
            "TypeError", Set.of("transport"));

    @Override
    public String file() {
        return "openai-chat.json";
    }

    @Override
    public Optional<String> left(RecordedCase recorded) {
        boolean models = recorded.path().endsWith("/models");
        return models ? Optional.of("listing models is not a part of the API") : Optional.empty();
    }

    @Override
    public Set<String> headers() {
        return Set.of("authorization");
    }

    @Override
    public Outcome call(RecordedCase recorded, URI server) {
        OpenAi.Builder builder = OpenAi.builder()
                .baseUrl(server.resolve("/v1").toString())
                .apiKey(recorded.header("authorization").replace("Bearer ", ""));
        if (recorded.body().has("max_tokens")) {
            builder.maxTokensField();
        }
        try (OpenAi openAi = builder.build()) {
            if (recorded.path().endsWith("/embeddings")) {
                return Outcome.of(
                        () -> openAi.embeddingModel("other").embed(OpenAiChatRequests.embedding(recorded.body())));
            }
            if (recorded.path().endsWith("/moderations")) {
                String moderation = recorded.body().path("model").asText();
                List<String> texts = OpenAiChatRequests.texts(recorded.body().path("input"));
                return Outcome.of(() -> openAi.moderate(moderation, texts));
            }
            ChatModel model = openAi.chatModel("other");
            ChatRequest request = OpenAiChatRequests.chat(recorded.body());
            boolean streamed = recorded.body().path("stream").asBoolean();
            return Outcome.of(() -> streamed ? model.stream(request).response() : model.chat(request));
        }
    }

    @Override
    public Reading read(RecordedCase recorded) {
        if (!recorded.error().isMissingNode()) {
            return error(recorded);
        }
        if (recorded.path().endsWith("/embeddings")) {
            return embeddings(recorded);
        }
        JsonNode ok = recorded.read();
        if (recorded.path().endsWith("/moderations")) {
            return new Reading()
                    .with(
                            "value",
                            "[Moderation[flagged=" + ok.at("/results/0/flagged").asBoolean()
                                    + ", categories=[], scores={}]]");
        }
        JsonNode message = ok.at("/choices/0/message");
        return message.isMissingNode() ? streamed(ok) : plain(ok, message);
    }

    /** The error as this SDK throws it, with what the message says besides the status. */
    static Reading error(RecordedCase recorded) {
        JsonNode error = recorded.error();
        String type = error.path("class").asText();
        Long status = Reading.number(error.path("status"));
        boolean said = status != null || type.equals("APIError");
        String message = error.path("message").asText().replaceFirst("^\\d{3} ", "");
        boolean comparable = said && !message.contains("<html>") && !message.contains("sk-");
        return new Reading()
                .withError(
                        ERRORS.getOrDefault(type, Set.of()),
                        status == null ? null : status.intValue(),
                        comparable ? message : null)
                .with("requestId", Reading.text(error.path("requestID")));
    }

    private static Reading plain(JsonNode ok, JsonNode message) {
        List<String> calls = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (JsonNode call : message.path("tool_calls")) {
            calls.add(Reading.call(
                    call.at("/function/name").asText(),
                    call.at("/function/arguments").asText()));
            ids.add(call.path("id").asText());
        }
        return usage(
                        ok.path("usage"),
                        answer(message.path("content"), message.path("refusal"))
                                .with("finish", Reading.text(ok.at("/choices/0/finish_reason"))))
                .with("toolCalls", calls.toString())
                .with("toolCallIds", ids.toString())
                .with("id", Reading.text(ok.path("id")))
                .with("model", Reading.text(ok.path("model")));
    }

    private static Reading streamed(JsonNode ok) {
        List<String> calls = new ArrayList<>();
        for (JsonNode call : ok.path("tools")) {
            calls.add(Reading.call(
                    call.path("name").asText(), call.path("arguments").asText()));
        }
        return usage(ok.path("usage"), answer(ok.path("text"), ok.path("refusal")))
                .with("reasoning", Reading.text(ok.path("reasoning")))
                .with("toolCalls", calls.toString())
                .with("finish", Reading.text(ok.path("finish")));
    }

    /** A refusal is text to us, and the reason of the finish. */
    private static Reading answer(JsonNode content, JsonNode refusal) {
        String text = Reading.text(content);
        String refused = Reading.text(refusal);
        boolean refuses = refused != null && !refused.isEmpty();
        return new Reading()
                .with("text", (text == null ? "" : text) + (refuses ? refused : ""))
                .with("finishReason", refuses ? "REFUSAL" : null);
    }

    private static Reading usage(JsonNode usage, Reading reading) {
        if (!usage.isObject()) {
            return reading.with("usage", "UNKNOWN");
        }
        return reading.with("input", Reading.number(usage.path("prompt_tokens")))
                .with("output", Reading.number(usage.path("completion_tokens")))
                .with("cachedInput", Reading.number(usage.at("/prompt_tokens_details/cached_tokens")))
                .with("reasoningTokens", Reading.number(usage.at("/completion_tokens_details/reasoning_tokens")));
    }

    /** The client's summary leaves numbers out: they are compared with those that were served. */
    private static Reading embeddings(RecordedCase recorded) {
        List<List<Float>> vectors = new ArrayList<>();
        JsonNode data = recorded.json().at("/served/0/body/data");
        for (int i = 0; i < data.size(); i++) {
            vectors.add(List.of());
        }
        for (JsonNode entry : data) {
            List<Float> numbers = new ArrayList<>();
            if (entry.path("embedding").isTextual()) {
                return new Reading()
                        .with("input", Reading.number(recorded.json().at("/served/0/body/usage/prompt_tokens")));
            }
            entry.path("embedding").forEach(number -> numbers.add(number.floatValue()));
            vectors.set(entry.path("index").asInt(), numbers);
        }
        return new Reading()
                .with("vectors", vectors.toString())
                .with("input", Reading.number(recorded.json().at("/served/0/body/usage/prompt_tokens")));
    }
}
