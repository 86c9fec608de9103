package dev.plinth.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.providers.openai.OpenAi;
import dev.plinth.providers.openai.Preset;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Mistral, over OpenAI's protocol in Mistral's words. */
final class MistralRecordings implements RecordedProtocol {

    @Override
    public String file() {
        return "mistral.json";
    }

    @Override
    public Set<String> headers() {
        return Set.of("authorization");
    }

    @Override
    public Outcome call(RecordedCase recorded, URI server) {
        try (OpenAi mistral = OpenAi.builder(Preset.MISTRAL)
                .baseUrl(server.resolve("/v1").toString())
                .apiKey(recorded.header("authorization").replace("Bearer ", ""))
                .build()) {
            if (recorded.path().endsWith("/embeddings")) {
                return Outcome.of(
                        () -> mistral.embeddingModel("other").embed(OpenAiChatRequests.embedding(recorded.body())));
            }
            ChatModel model = mistral.chatModel("other");
            ChatRequest request = OpenAiChatRequests.chat(recorded.body());
            boolean streamed = recorded.body().path("stream").asBoolean();
            return Outcome.of(() -> streamed ? model.stream(request).response() : model.chat(request));
        }
    }

    @Override
    public Reading read(RecordedCase recorded) {
        JsonNode error = recorded.error();
        if (!error.isMissingNode()) {
            Set<String> codes =
                    error.path("status").asInt() == 401 ? Set.of("authentication") : Set.of("invalid_request");
            return new Reading().withError(codes, error.path("status").asInt(), null);
        }
        JsonNode ok = recorded.read();
        return ok.isArray() ? streamed(ok) : plain(ok);
    }

    private static Reading plain(JsonNode ok) {
        if (ok.has("data")) {
            return new Reading().with("input", Reading.number(ok.at("/usage/promptTokens")));
        }
        JsonNode message = ok.at("/choices/0/message");
        List<String> calls = new ArrayList<>();
        for (JsonNode call : message.path("toolCalls")) {
            calls.add(Reading.call(
                    call.at("/function/name").asText(),
                    call.at("/function/arguments").asText()));
        }
        return usage(ok.path("usage"), content(message.path("content")))
                .with("toolCalls", calls.toString())
                .with("finish", Reading.text(ok.at("/choices/0/finishReason")));
    }

    /** A text, or parts of thoughts and texts. */
    private static Reading content(JsonNode content) {
        StringBuilder text = new StringBuilder(content.isTextual() ? content.asText() : "");
        StringBuilder thought = new StringBuilder();
        for (JsonNode part : content) {
            text.append(part.path("text").asText());
            part.path("thinking")
                    .forEach(piece -> thought.append(piece.path("text").asText()));
        }
        return new Reading().with("text", text.toString()).with("reasoning", thought.toString());
    }

    private static Reading streamed(JsonNode chunks) {
        StringBuilder text = new StringBuilder();
        List<String> calls = new ArrayList<>();
        Reading reading = new Reading();
        for (JsonNode chunk : chunks) {
            JsonNode delta = chunk.at("/choices/0/delta");
            text.append(delta.path("content").isTextual() ? delta.get("content").asText() : "");
            delta.path("toolCalls")
                    .forEach(call -> calls.add(Reading.call(
                            call.at("/function/name").asText(),
                            call.at("/function/arguments").asText())));
            reading.with("finish", Reading.text(chunk.at("/choices/0/finishReason")));
            usage(chunk.path("usage"), reading);
        }
        return reading.with("text", text.toString()).with("toolCalls", calls.toString());
    }

    private static Reading usage(JsonNode usage, Reading reading) {
        return reading.with("input", Reading.number(usage.path("promptTokens")))
                .with("output", Reading.number(usage.path("completionTokens")));
    }
}
