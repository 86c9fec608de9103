package dev.plinth.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.providers.cohere.Voyage;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Voyage's embeddings and rerank. */
final class VoyageRecordings implements RecordedProtocol {

    @Override
    public String file() {
        return "voyage.json";
    }

    @Override
    public Set<String> headers() {
        return Set.of("authorization");
    }

    @Override
    public Outcome call(RecordedCase recorded, URI server) {
        Voyage.Builder builder = Voyage.builder()
                .baseUrl(server.toString())
                .apiKey(recorded.header("authorization").replace("Bearer ", ""));
        JsonNode body = recorded.body();
        try (Voyage voyage = builder.build()) {
            if (recorded.path().endsWith("/rerank")) {
                return Outcome.of(
                        () -> voyage.reranker(body.path("model").asText()).rerank(CohereRequests.rerank(body)));
            }
            EmbeddingRequest.Builder request = CohereRequests.embedding(body).toBuilder();
            if (body.has("truncation")) {
                request.option(Voyage.TRUNCATION, body.path("truncation").asBoolean());
            }
            return Outcome.of(() -> voyage.embeddingModel("other").embed(request.build()));
        }
    }

    @Override
    public Reading read(RecordedCase recorded) {
        JsonNode ok = recorded.read();
        if (!recorded.error().isMissingNode()) {
            return new Reading()
                    .withError(
                            Set.of("invalid_request"),
                            recorded.error().path("status").asInt(),
                            recorded.json().at("/served/0/body/detail").asText());
        }
        Reading reading = new Reading().with("input", Reading.number(ok.at("/usage/totalTokens")));
        if (recorded.path().endsWith("/rerank")) {
            return reading.with("ranked", CohereRecordings.ranked(ok.path("data")));
        }
        List<JsonNode> vectors = new ArrayList<>();
        ok.path("data").forEach(entry -> vectors.add(entry.path("embedding")));
        return reading.with("vectors", Reading.vectors(vectors));
    }
}
