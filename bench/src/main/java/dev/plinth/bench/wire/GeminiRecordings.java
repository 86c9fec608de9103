package dev.plinth.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.providers.gemini.Gemini;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Google Gemini over the Gemini API, or over Vertex AI in express mode. */
final class GeminiRecordings implements RecordedProtocol {

    private final String file;

    GeminiRecordings(String file) {
        this.file = file;
    }

    @Override
    public String file() {
        return file;
    }

    @Override
    public Optional<String> left(RecordedCase recorded) {
        return recorded.path().endsWith("/models")
                ? Optional.of("listing models is not a part of the API")
                : Optional.empty();
    }

    @Override
    public Set<String> headers() {
        return Set.of("x-goog-api-key");
    }

    @Override
    public Outcome call(RecordedCase recorded, URI server) {
        Gemini.Builder builder = Gemini.builder();
        if (recorded.path().contains("/publishers/")) {
            builder.vertexExpress();
        }
        if (GeminiRequests.saysOpenApi(recorded.body())) {
            builder.openApiSchemas();
        }
        builder.baseUrl(server.toString())
                .apiVersion(recorded.path().split("/")[1])
                .apiKey(recorded.header("x-goog-api-key"));
        try (Gemini gemini = builder.build()) {
            return call(recorded, gemini);
        }
    }

    private static Outcome call(RecordedCase recorded, Gemini gemini) {
        String model = model(recorded.path());
        if (recorded.path().endsWith(":batchEmbedContents")) {
            return Outcome.of(() -> gemini.embeddingModel(model).embed(GeminiRequests.embedding(recorded.body())));
        }
        ChatRequest request = GeminiRequests.chat(recorded.body());
        if (recorded.path().endsWith(":countTokens")) {
            return Outcome.of(() -> gemini.tokenCounter(model).count(request));
        }
        ChatModel chat = gemini.chatModel(model);
        boolean streamed = recorded.path().endsWith(":streamGenerateContent");
        return Outcome.of(() -> streamed ? chat.stream(request).response() : chat.chat(request));
    }

    private static String model(String path) {
        return path.substring(path.lastIndexOf('/') + 1, path.lastIndexOf(':'));
    }

    @Override
    public Reading read(RecordedCase recorded) {
        JsonNode ok = recorded.read();
        if (!recorded.error().isMissingNode()) {
            return error(recorded);
        }
        if (ok.has("embeddings")) {
            return embeddings(ok);
        }
        if (ok.has("totalTokens")) {
            return new Reading().with("tokens", Reading.number(ok.get("totalTokens")));
        }
        List<String> calls = new ArrayList<>();
        for (JsonNode call : ok.has("calls") ? ok.get("calls") : ok.path("functionCalls")) {
            calls.add(Reading.call(call.path("name").asText(), call.path("args").toString()));
        }
        String blocked = Reading.text(ok.at("/block/blockReason"));
        JsonNode usage = ok.path("usage");
        return new Reading()
                .with("text", ok.path("text").asText())
                .with("toolCalls", calls.toString())
                .with("finish", blocked == null ? Reading.text(ok.path("finish")) : blocked)
                .with("finishReason", blocked == null ? null : "CONTENT_FILTER")
                .with("input", Reading.number(usage.path("promptTokenCount")))
                .with("cachedInput", Reading.number(usage.path("cachedContentTokenCount")))
                .with(
                        "output",
                        usage.path("candidatesTokenCount").asLong()
                                + usage.path("thoughtsTokenCount").asLong())
                .with("reasoningTokens", Reading.number(usage.path("thoughtsTokenCount")));
    }

    private static Reading embeddings(JsonNode ok) {
        List<List<Float>> vectors = new ArrayList<>();
        for (JsonNode embedding : ok.get("embeddings")) {
            List<Float> numbers = new ArrayList<>();
            embedding.path("values").forEach(number -> numbers.add(number.floatValue()));
            vectors.add(numbers);
        }
        return new Reading().with("vectors", vectors.toString());
    }

    /** In mid-stream the status of HTTP has been 200, whatever the error says. */
    private static Reading error(RecordedCase recorded) {
        JsonNode error = recorded.error();
        Long status = Reading.number(error.path("status"));
        boolean streamed = recorded.path().endsWith(":streamGenerateContent");
        return new Reading()
                .withError(
                        status == null ? Set.of("transport") : codes(status.intValue()),
                        status == null || streamed ? null : status.intValue(),
                        said(error.path("message").asText()));
    }

    private static Set<String> codes(int status) {
        return switch (status) {
            case 400 -> Set.of("invalid_request", "authentication");
            case 401, 403 -> Set.of("authentication");
            case 429 -> Set.of("rate_limited", "quota_exhausted");
            default -> Set.of("overloaded");
        };
    }

    /** The SDK's message is the body. */
    private static @Nullable String said(String message) {
        int body = message.indexOf('{');
        try {
            return body < 0
                    ? null
                    : RecordedCase.JSON
                            .readTree(message.substring(body))
                            .at("/error/message")
                            .asText();
        } catch (IOException noBody) {
            return null;
        }
    }
}
