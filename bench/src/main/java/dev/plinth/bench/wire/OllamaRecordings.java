package dev.plinth.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.providers.ollama.Ollama;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Ollama's own protocol. */
final class OllamaRecordings implements RecordedProtocol {

    /** The categories that a status is for us; without one, the stream said so itself, or broke off. */
    private static final Map<Long, Set<String>> ERRORS = Map.of(
            400L, Set.of("invalid_request"),
            404L, Set.of("model_not_found"),
            500L, Set.of("overloaded"));

    @Override
    public String file() {
        return "ollama.json";
    }

    @Override
    public Optional<String> left(RecordedCase recorded) {
        return switch (recorded.path()) {
            case "/api/generate" -> Optional.of("chat has taken its place; its answers are read");
            case "/api/show" -> Optional.of("what a model can do is said by whoever builds it");
            default -> Optional.empty();
        };
    }

    @Override
    public Set<String> headers() {
        return Set.of("authorization");
    }

    @Override
    public Outcome call(RecordedCase recorded, URI server) {
        try (Ollama ollama = Ollama.builder().baseUrl(server.toString()).build()) {
            return switch (recorded.path()) {
                case "/api/tags" -> Outcome.of(ollama::models);
                case "/api/embed" ->
                    Outcome.of(() -> ollama.embeddingModel("other").embed(OllamaRequests.embedding(recorded.body())));
                default -> chat(recorded, ollama.chatModel("other"));
            };
        }
    }

    private static Outcome chat(RecordedCase recorded, ChatModel model) {
        ChatRequest request = OllamaRequests.chat(recorded.body());
        boolean streamed = recorded.body().path("stream").asBoolean();
        return Outcome.of(() -> streamed ? model.stream(request).response() : model.chat(request));
    }

    @Override
    public Reading read(RecordedCase recorded) {
        JsonNode ok = recorded.read();
        if (!recorded.error().isMissingNode()) {
            return error(recorded);
        }
        return switch (recorded.path()) {
            case "/api/tags" ->
                new Reading()
                        .with(
                                "value",
                                ok.path("models").findValuesAsText("model").toString());
            case "/api/embed" ->
                new Reading()
                        .with("vectors", Reading.vectors(ok.path("embeddings")))
                        .with("input", Reading.number(ok.path("prompt_eval_count")));
            default -> ok.has("last") ? streamed(ok) : plain(ok);
        };
    }

    /** Of a stream the client says in its own words that it broke off. */
    private static Reading error(RecordedCase recorded) {
        Long status = Reading.number(recorded.error().path("status"));
        String message = recorded.error().path("message").asText();
        boolean ofServer = recorded.json().at("/served/0/body").toString().contains(message);
        return new Reading()
                .withError(
                        status == null
                                ? Set.of(ofServer ? "overloaded" : "malformed_response")
                                : ERRORS.getOrDefault(status, Set.of()),
                        status == null ? null : status.intValue(),
                        ofServer ? message : null);
    }

    private static Reading plain(JsonNode ok) {
        JsonNode message = ok.path("message");
        return answer(message.path("content"), message.path("thinking"), message.path("tool_calls"), ok);
    }

    private static Reading streamed(JsonNode ok) {
        return answer(ok.path("text"), ok.path("think"), ok.path("calls"), ok.path("last"));
    }

    private static Reading answer(JsonNode text, JsonNode thinking, JsonNode calls, JsonNode last) {
        List<String> said = new ArrayList<>();
        for (JsonNode call : calls) {
            said.add(Reading.call(
                    call.at("/function/name").asText(),
                    call.at("/function/arguments").toString()));
        }
        return new Reading()
                .with("text", text.asText())
                .with("reasoning", thinking.asText())
                .with("toolCalls", said.toString())
                .with("finish", Reading.text(last.path("done_reason")))
                .with("model", Reading.text(last.path("model")))
                .with("input", Reading.number(last.path("prompt_eval_count")))
                .with("output", Reading.number(last.path("eval_count")));
    }
}
