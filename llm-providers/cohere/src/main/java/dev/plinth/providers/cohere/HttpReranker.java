package dev.plinth.providers.cohere;

import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.providers.Endpoint;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.HttpAnswer;
import dev.plinth.providers.HttpBody;
import dev.plinth.providers.HttpCall;
import dev.plinth.providers.ProviderAnswer;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.JsonBody;
import java.util.Set;

/** A reranker at a server. Thread-safe. */
final class HttpReranker implements Reranker {

    private final Endpoint endpoint;
    private final ModelInfo info;
    private final RerankProtocol protocol;

    HttpReranker(Endpoint endpoint, String model, RerankProtocol protocol) {
        this.endpoint = endpoint;
        this.info = new ModelInfo(endpoint.provider(), model, Set.of(), endpoint.baseUrl());
        this.protocol = protocol;
    }

    @Override
    public ModelInfo info() {
        return info;
    }

    @Override
    public RerankResponse rerank(RerankRequest request) {
        HttpBody body = HttpBody.json(Json.FACTORY, json -> protocol.write(request, info.model(), json));
        HttpCall.Builder call = HttpCall.post(endpoint.url(protocol.path()), body)
                .details(endpoint.details(info.model()))
                .header("Accept", "application/json");
        try (ProviderAnswer answer = endpoint.send(call, request.context())) {
            return read(answer, request);
        }
    }

    private RerankResponse read(ProviderAnswer answer, RerankRequest request) {
        HttpAnswer http = answer.http();
        RerankAnswer read = new RerankAnswer(request.documents().size(), request.top());
        JsonBody.read(http, "body: no results (expected: documents in order)", read::read);
        ErrorBody error = read.error();
        if (error != null) {
            throw answer.error(error);
        }
        String fault = read.fault();
        if (fault != null) {
            throw new MalformedResponseException(fault, http.details(), null);
        }
        return new RerankResponse(read.ranked(), read.modelOr(info.model()), read.usage());
    }
}
