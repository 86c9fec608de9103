package dev.plinth.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.providers.anthropic.Anthropic;
import dev.plinth.providers.anthropic.ApiVersion;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Anthropic's Messages API in one of its versions. */
final class AnthropicRecordings implements RecordedProtocol {

    private static final Map<String, Set<String>> ERRORS = Map.of(
            "BadRequestError", Set.of("invalid_request"),
            "AuthenticationError", Set.of("authentication"),
            "PermissionDeniedError", Set.of("authentication"),
            "NotFoundError", Set.of("model_not_found", "invalid_request"),
            "ContentTooLargeError", Set.of("context_too_long"),
            "RateLimitError", Set.of("rate_limited", "quota_exhausted"),
            "InternalServerError", Set.of("overloaded"),
            "OverloadedError", Set.of("overloaded"),
            "APIError", Set.of("overloaded", "context_too_long"),
            "AnthropicError", Set.of("malformed_response", "transport"));

    private final String file;
    private final ApiVersion version;

    AnthropicRecordings(String file, ApiVersion version) {
        this.file = file;
        this.version = version;
    }

    @Override
    public String file() {
        return file;
    }

    @Override
    public Optional<String> left(RecordedCase recorded) {
        if (recorded.path().isEmpty()) {
            return Optional.of(
                    "the client sends nothing: it refuses answers of more than ten minutes, we let them run out");
        }
        return recorded.path().endsWith("/models")
                ? Optional.of("listing models is not a part of the API")
                : Optional.empty();
    }

    @Override
    public Set<String> headers() {
        return Set.of("authorization", "x-api-key", "anthropic-version", "anthropic-beta");
    }

    @Override
    public Outcome call(RecordedCase recorded, URI server) {
        String bearer = recorded.header("authorization").replace("Bearer ", "");
        Anthropic.Builder builder =
                Anthropic.builder().baseUrl(server.toString()).version(version);
        if (bearer.isEmpty()) {
            builder.apiKey(recorded.header("x-api-key")).apiKeyHeader();
        } else {
            builder.apiKey(bearer).bearer();
        }
        ChatRequest request = AnthropicRequests.chat(recorded.body());
        String betas = recorded.header("anthropic-beta");
        ChatRequest asking = betas.isEmpty()
                ? request
                : request.toBuilder().option(Anthropic.BETAS, betas).build();
        try (Anthropic anthropic = builder.build()) {
            if (recorded.path().endsWith("/count_tokens")) {
                return Outcome.of(() -> anthropic.tokenCounter("other").count(asking));
            }
            ChatModel model = anthropic.chatModel("other");
            boolean streamed = recorded.body().path("stream").asBoolean();
            return Outcome.of(() -> streamed ? model.stream(asking).response() : model.chat(asking));
        }
    }

    @Override
    public Reading read(RecordedCase recorded) {
        if (!recorded.error().isMissingNode()) {
            return error(recorded.error());
        }
        JsonNode ok = recorded.read();
        return ok.has("input_tokens")
                ? new Reading().with("tokens", Reading.number(ok.get("input_tokens")))
                : message(ok);
    }

    private static Reading message(JsonNode ok) {
        StringBuilder text = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        List<String> calls = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (JsonNode block : ok.path("content")) {
            text.append(block.path("text").asText());
            reasoning.append(block.path("thinking").asText());
            if (block.path("type").asText().equals("tool_use")) {
                calls.add(Reading.call(
                        block.path("name").asText(), block.path("input").toString()));
                ids.add(block.path("id").asText());
            }
        }
        if (!ok.has("content")) {
            return new Reading(); // of a stream that was read raw the client kept the names of the events
        }
        return usage(ok.path("usage"))
                .with("text", text.toString())
                .with("reasoning", reasoning.toString())
                .with("toolCalls", calls.toString())
                .with("toolCallIds", ids.toString())
                .with("finish", Reading.text(ok.path("stop_reason")))
                .with("id", Reading.text(ok.path("id")))
                .with("model", Reading.text(ok.path("model")));
    }

    /** The input without what the cache read and wrote is all that the protocol calls input. */
    private static Reading usage(JsonNode usage) {
        long written = usage.path("cache_creation_input_tokens").asLong();
        long cached = usage.path("cache_read_input_tokens").asLong();
        return new Reading()
                .with("input", usage.path("input_tokens").asLong() + written + cached)
                .with("cachedInput", cached)
                .with("cacheWrite", written)
                .with("longCacheWrite", Reading.number(usage.at("/cache_creation/ephemeral_1h_input_tokens")))
                .with("output", usage.path("output_tokens").asLong());
    }

    /** The error as this SDK throws it: its message holds the provider's body. */
    private static Reading error(JsonNode error) {
        Long status = Reading.number(error.path("status"));
        return new Reading()
                .withError(
                        ERRORS.getOrDefault(error.path("class").asText(), Set.of()),
                        status == null ? null : status.intValue(),
                        said(error.path("message").asText()))
                .with("requestId", Reading.text(error.path("requestID")));
    }

    private static @Nullable String said(String message) {
        try {
            JsonNode body = RecordedCase.JSON.readTree(message.replaceFirst("^\\d{3} ", ""));
            return Reading.text(body.at("/error/message"));
        } catch (IOException ownWords) {
            return null;
        }
    }
}
