package dev.plinth.providers.wire;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingLimits;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.Endpoint;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.HttpAnswer;
import dev.plinth.providers.HttpBody;
import dev.plinth.providers.HttpCall;
import dev.plinth.providers.ProviderAnswer;
import java.util.List;
import java.util.OptionalInt;

/** An embedding model at a server that makes one call of a request, however many texts it has. */
final class OneCallEmbeddingModel implements EmbeddingModel {

    private final Endpoint endpoint;
    private final ModelInfo info;
    private final OptionalInt dimensions;
    private final EmbeddingProtocol protocol;

    OneCallEmbeddingModel(Endpoint endpoint, ModelInfo info, OptionalInt dimensions, EmbeddingProtocol protocol) {
        this.endpoint = Check.notNull(endpoint, "endpoint");
        this.info = Check.notNull(info, "info");
        this.dimensions = Check.notNull(dimensions, "dimensions");
        this.protocol = Check.notNull(protocol, "protocol");
    }

    @Override
    public ModelInfo info() {
        return info;
    }

    @Override
    public OptionalInt dimensions() {
        return dimensions;
    }

    @Override
    public EmbeddingLimits limits() {
        return protocol.limits();
    }

    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        String model = request.model().orElse(info.model());
        OptionalInt length = request.dimensions().isPresent() ? request.dimensions() : dimensions;
        EmbeddingCall call = new EmbeddingCall(request, model, length, endpoint.details(model));
        HttpBody body = HttpBody.json(Json.FACTORY, json -> protocol.write(call, json));
        HttpCall.Builder http = HttpCall.post(endpoint.url(protocol.path(call)), body)
                .timeouts(request.timeouts().orElse(null))
                .details(call.details())
                .header("Accept", "application/json");
        try (ProviderAnswer answer = endpoint.send(http, request.context())) {
            return read(answer, call);
        }
    }

    private EmbeddingResponse read(ProviderAnswer answer, EmbeddingCall call) {
        HttpAnswer http = answer.http();
        EmbeddingAnswer read = new EmbeddingAnswer(call.texts().size());
        protocol.readHead(http, read);
        JsonBody.read(http, "body: no embeddings (expected: a list of them)", json -> {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw new JsonParseException(json, "not an object");
            }
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                protocol.readField(field, json, read);
            }
        });
        ErrorBody error = read.error();
        if (error != null) {
            throw answer.error(error);
        }
        String fault = read.fault(call.dimensions());
        if (fault != null) {
            throw JsonBody.malformed(http, fault, null);
        }
        return new EmbeddingResponse(List.of(read.vectors()), read.modelOr(call.model()), usage(read.usage()));
    }

    /** Embeddings have no output: the tokens reported are the input's. */
    private static Usage usage(UsageCounts counts) {
        Usage read = counts.usage();
        return read.input().isEmpty() ? Usage.UNKNOWN : Usage.of(read.input().getAsLong(), 0);
    }
}
