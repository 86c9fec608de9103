package dev.plinth.providers.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.batch.Batch;
import dev.plinth.api.batch.BatchResults;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.providers.Endpoint;
import dev.plinth.providers.HttpBody;
import dev.plinth.providers.HttpCall;
import dev.plinth.providers.batch.BatchCall;
import dev.plinth.providers.batch.BatchReader;
import dev.plinth.providers.batch.HttpChatBatches;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.util.List;

/** Anthropic's Message Batches. */
final class MessageBatches extends HttpChatBatches {

    private static final int MOST_REQUESTS = 100_000;

    private final Messages protocol;

    MessageBatches(Endpoint endpoint, ModelInfo info, Messages protocol) {
        super(endpoint, info, MOST_REQUESTS);
        this.protocol = protocol;
    }

    @Override
    protected URI url(String below) {
        return URI.create(endpoint().baseUrl() + "/v1/messages/batches" + below);
    }

    @Override
    protected Batch submitCalls(List<BatchCall> calls) {
        HttpBody body = HttpBody.json(Json.FACTORY, json -> write(calls, json));
        HttpCall.Builder http = HttpCall.post(url(""), body);
        protocol.addBetas(calls.stream().map(call -> call.chat().request()).toList(), http);
        return ask(http);
    }

    private void write(List<BatchCall> calls, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("requests");
        for (BatchCall call : calls) {
            json.writeStartObject();
            json.writeStringField("custom_id", call.id());
            json.writeFieldName("params");
            protocol.write(call.chat(), json);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    @Override
    protected BatchReader reader() {
        return new MessageBatch();
    }

    @Override
    public BatchResults results(String id) {
        MessageBatch batch = find(id, new MessageBatch());
        requireEnded(batch.toBatch());
        // Not the address the answer names: a key goes to no other host.
        return new MessageBatchResults(
                batch.total(),
                () -> send(HttpCall.get(url(below(id) + "/results")).unhurried()),
                endpoint().details(info().model()));
    }

    @Override
    public void delete(String id) {
        delete(url(below(id)));
    }
}
