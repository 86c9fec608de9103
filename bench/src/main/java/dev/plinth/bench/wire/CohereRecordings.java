package dev.plinth.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.rerank.RerankResponse.Ranked;
import dev.plinth.providers.cohere.Cohere;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Cohere's chat, embeddings and rerank. */
final class CohereRecordings implements RecordedProtocol {

    /** The categories that an error class of the official client may be for us. */
    private static final Map<String, Set<String>> ERRORS = Map.of(
            "BadRequestError", Set.of("invalid_request"),
            "UnauthorizedError", Set.of("authentication"),
            "NotFoundError", Set.of("model_not_found"),
            "UnprocessableEntityError", Set.of("invalid_request"));

    @Override
    public String file() {
        return "cohere.json";
    }

    @Override
    public Set<String> headers() {
        return Set.of("authorization");
    }

    @Override
    public Outcome call(RecordedCase recorded, URI server) {
        Cohere.Builder builder = Cohere.builder()
                .baseUrl(server.toString())
                .apiKey(recorded.header("authorization").replace("Bearer ", ""));
        JsonNode body = recorded.body();
        try (Cohere cohere = builder.build()) {
            return switch (recorded.path()) {
                case "/v2/embed" ->
                    Outcome.of(() -> cohere.embeddingModel("other").embed(CohereRequests.embedding(body)));
                case "/v2/rerank" ->
                    Outcome.of(
                            () -> cohere.reranker(body.path("model").asText()).rerank(CohereRequests.rerank(body)));
                default -> chat(recorded, cohere.chatModel("other"));
            };
        }
    }

    private static Outcome chat(RecordedCase recorded, ChatModel model) {
        ChatRequest request = CohereRequests.chat(recorded.body());
        boolean streamed = recorded.body().path("stream").asBoolean();
        return Outcome.of(() -> streamed ? model.stream(request).response() : model.chat(request));
    }

    @Override
    public Reading read(RecordedCase recorded) {
        JsonNode ok = recorded.read();
        if (!recorded.error().isMissingNode()) {
            JsonNode error = recorded.error();
            return new Reading()
                    .withError(
                            ERRORS.getOrDefault(error.path("class").asText(), Set.of()),
                            error.path("status").asInt(),
                            recorded.json().at("/served/0/body/message").asText());
        }
        return switch (recorded.path()) {
            case "/v2/embed" ->
                new Reading()
                        .with("vectors", Reading.vectors(ok.at("/embeddings/float")))
                        .with("input", Reading.number(ok.at("/meta/billedUnits/inputTokens")));
            case "/v2/rerank" -> new Reading().with("ranked", ranked(ok.path("results")));
            default -> ok.isArray() ? streamed(ok) : plain(ok);
        };
    }

    static String ranked(JsonNode results) {
        List<Ranked> ranked = new ArrayList<>();
        for (JsonNode result : results) {
            ranked.add(new Ranked(
                    result.path("index").asInt(), result.path("relevanceScore").asDouble()));
        }
        return ranked.toString();
    }

    private static Reading plain(JsonNode ok) {
        JsonNode message = ok.path("message");
        StringBuilder text = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        for (JsonNode block : message.path("content")) {
            text.append(block.path("text").asText());
            reasoning.append(block.path("thinking").asText());
        }
        List<String> calls = new ArrayList<>();
        for (JsonNode call : message.path("toolCalls")) {
            calls.add(Reading.call(
                    call.at("/function/name").asText(),
                    call.at("/function/arguments").asText()));
        }
        long citations = 0;
        for (JsonNode citation : message.path("citations")) {
            citations += citation.path("sources").size();
        }
        reasoning.append(message.path("toolPlan").asText());
        return answer(text.toString(), reasoning.toString(), calls, ok.path("finishReason"), ok.path("usage"))
                .with("citations", citations)
                .with("id", Reading.text(ok.path("id")));
    }

    /** The client hands out the events: put together here. */
    private static Reading streamed(JsonNode events) {
        StringBuilder text = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        Map<Integer, String> names = new LinkedHashMap<>();
        Map<Integer, StringBuilder> arguments = new LinkedHashMap<>();
        JsonNode end = RecordedCase.JSON.missingNode();
        for (JsonNode event : events) {
            JsonNode message = event.at("/delta/message");
            text.append(message.at("/content/text").asText());
            reasoning.append(message.at("/content/thinking").asText());
            reasoning.append(message.path("toolPlan").asText());
            JsonNode function = message.at("/toolCalls/function");
            int index = event.path("index").asInt();
            if (function.has("name")) {
                names.put(index, function.path("name").asText());
            }
            if (function.isObject()) {
                arguments
                        .computeIfAbsent(index, any -> new StringBuilder())
                        .append(function.path("arguments").asText());
            }
            end = event.path("type").asText().equals("message-end") ? event.path("delta") : end;
        }
        List<String> calls = new ArrayList<>();
        names.forEach((index, name) -> calls.add(Reading.call(name, String.valueOf(arguments.get(index)))));
        return answer(text.toString(), reasoning.toString(), calls, end.path("finishReason"), end.path("usage"));
    }

    private static Reading answer(String text, String reasoning, List<String> calls, JsonNode finish, JsonNode usage) {
        boolean billed = usage.has("billedUnits"); // of both counts that the client hands out, what is paid for
        JsonNode tokens = usage.path(billed ? "billedUnits" : "tokens");
        return new Reading()
                .with("text", text)
                .with("reasoning", reasoning)
                .with("toolCalls", calls.toString())
                .with("finish", Reading.text(finish))
                .with("input", Reading.number(tokens.path("inputTokens")))
                .with("output", Reading.number(tokens.path("outputTokens")))
                .with("cachedInput", billed ? null : Reading.number(usage.path("cachedTokens")));
    }
}
