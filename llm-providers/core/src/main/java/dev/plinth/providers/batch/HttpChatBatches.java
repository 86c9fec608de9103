package dev.plinth.providers.batch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.batch.Batch;
import dev.plinth.api.batch.BatchPolling;
import dev.plinth.api.batch.BatchRequest;
import dev.plinth.api.batch.ChatBatches;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.providers.Endpoint;
import dev.plinth.providers.HttpBody;
import dev.plinth.providers.HttpCall;
import dev.plinth.providers.Percent;
import dev.plinth.providers.ProviderAnswer;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.JsonBody;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Batches at a server: refuses bad ones before anything is sent, and waits. A protocol's subclass hands batches over and
 * reads what the server says of them.
 *
 * <p>Thread-safe.
 */
public abstract class HttpChatBatches implements ChatBatches {

    private static final int MOST_RECENT = 100;
    private static final int NOT_FOUND = 404;
    private static final HttpBody NOTHING = HttpBody.of("application/json", new byte[0]);

    private final Endpoint endpoint;
    private final ModelInfo info;
    private final int mostRequests;

    /** @param mostRequests how many the server takes in one batch */
    protected HttpChatBatches(Endpoint endpoint, ModelInfo info, int mostRequests) {
        this.endpoint = Check.notNull(endpoint, "endpoint");
        this.info = Check.notNull(info, "info");
        this.mostRequests = Check.positive(mostRequests, "mostRequests");
    }

    /** The address of the batches, and of what is below that. */
    protected abstract URI url(String below);

    /** Hands over a batch. */
    protected abstract Batch submitCalls(List<BatchCall> calls);

    /** A reader of what the server says of a batch. */
    protected abstract BatchReader reader();

    @Override
    public final ModelInfo info() {
        return info;
    }

    @Override
    public final Batch submit(List<BatchRequest> requests) {
        Check.notEmpty(requests, "requests");
        Check.that(requests.size() <= mostRequests, "requests", requests.size(), "at most " + mostRequests);
        Set<String> ids = new HashSet<>();
        List<BatchCall> calls = new ArrayList<>(requests.size());
        for (BatchRequest each : requests) {
            Check.that(ids.add(each.id()), "id", each.id(), "each once");
            ChatRequest request = each.request();
            request.requireSupport(info);
            String model = request.model().orElse(info.model());
            calls.add(new BatchCall(each.id(), new ChatCall(request, model, false, endpoint.details(model))));
        }
        return submitCalls(calls);
    }

    @Override
    public final Batch get(String id) {
        return find(id, reader()).toBatch();
    }

    /** Reads what the server says of the batch with this id, and returns the reader. */
    protected final <R extends BatchReader> R find(String id, R reader) {
        try (ProviderAnswer answer = send(HttpCall.get(url(below(id))))) {
            read(answer, reader);
        }
        return reader;
    }

    @Override
    public final List<Batch> recent(int count) {
        Check.that(count >= 1 && count <= MOST_RECENT, "count", count, "1 to " + MOST_RECENT);
        BatchList list = new BatchList();
        try (ProviderAnswer answer = send(HttpCall.get(withQuery(url(""), "limit=" + count)))) {
            JsonBody.readObject(answer, "data: none (expected: a list of batches)", list, () -> list.found);
        }
        return List.copyOf(list.batches);
    }

    private final class BatchList implements JsonBody.Fields {
        private final List<Batch> batches = new ArrayList<>();
        private boolean found;

        @Override
        public boolean read(String field, JsonParser json) throws IOException {
            if (!field.equals("data")) {
                return false;
            }
            found = json.currentToken() == JsonToken.START_ARRAY;
            if (Json.isArray(json)) {
                while (Json.nextElement(json)) {
                    element(json);
                }
            }
            return true;
        }

        private void element(JsonParser json) throws IOException {
            BatchReader reader = reader();
            JsonBody.readFields(json, reader);
            if (reader.isComplete()) {
                batches.add(reader.toBatch());
            }
        }
    }

    /** Makes a call that is answered with a batch. */
    protected final Batch ask(HttpCall.Builder call) {
        BatchReader reader = reader();
        try (ProviderAnswer answer = send(call)) {
            read(answer, reader);
        }
        return reader.toBatch();
    }

    private static void read(ProviderAnswer answer, BatchReader reader) {
        JsonBody.readObject(
                answer, "body: no batch (expected: one with an id and a state)", reader, reader::isComplete);
    }

    private static URI withQuery(URI url, String query) {
        return URI.create(url + (url.getRawQuery() == null ? "?" : "&") + query);
    }

    @Override
    public final Batch await(String id, Duration limit, Consumer<? super Batch> progress) {
        return new BatchPolling(endpoint.time()).untilOver(() -> get(id), limit, progress);
    }

    @Override
    public final Batch cancel(String id) {
        return ask(HttpCall.post(url(below(id) + "/cancel"), NOTHING));
    }

    /** The path of a batch below that of all batches. */
    protected static String below(String id) {
        return "/" + Percent.encode(Check.notBlank(id, "id"));
    }

    /** The server. */
    protected final Endpoint endpoint() {
        return endpoint;
    }

    /** Makes a call in the ambient context and returns the answer of a success. Close it. */
    protected final ProviderAnswer send(HttpCall.Builder call) {
        return endpoint.send(
                call.details(endpoint.details(info.model())).header("Accept", "application/json"),
                CallContext.current());
    }

    /** Deletes what is at this address; that there is nothing is as good. */
    protected final void delete(URI address) {
        try (ProviderAnswer answer = send(HttpCall.delete(address))) {
            answer.http().finish();
        } catch (LlmException failure) {
            if (failure.details().httpStatus().orElse(0) != NOT_FOUND) {
                throw failure;
            }
        }
    }

    /** Refuses to give results of a batch that has none. */
    protected final void requireEnded(Batch batch) {
        require(batch, batch.state() == Batch.State.ENDED, "ended");
    }

    /** Refuses to delete a batch that still runs. */
    protected final void requireOver(Batch batch) {
        require(batch, batch.isOver(), "over");
    }

    private void require(Batch batch, boolean holds, String expected) {
        if (!holds) {
            String failure = batch.failure().map(why -> ": " + why).orElse("");
            throw new InvalidRequestException(
                    "batch: " + batch.rawState() + failure + " (expected: " + expected + ")",
                    endpoint.details(info.model()),
                    null);
        }
    }
}
