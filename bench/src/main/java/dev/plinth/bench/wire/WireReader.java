package dev.plinth.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.usage.Usage;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Hands answers out of a file to the adapters, as if a server had sent them, and says what they read. */
public final class WireReader implements AutoCloseable {

    private final AtomicReference<StubAnswer> next = new AtomicReference<>(StubAnswer.hangUp());
    private final StubServer server = StubServer.start().otherwise(request -> next.get());
    private final Map<String, WireClient> clients = new HashMap<>();
    private int read;
    private int failed;

    /** A reader with a server of its own. */
    public WireReader() {}

    /** How many answers were read. */
    public int read() {
        return read;
    }

    /** How many answers were an error, or no answers at all. */
    public int failed() {
        return failed;
    }

    /** What a line's answer says, as one line of JSON; never throws, whatever the line is. */
    public String read(String line) {
        ObjectNode said = RecordedCase.JSON.createObjectNode();
        try {
            JsonNode json = RecordedCase.JSON.readTree(line);
            said.set("id", json.path("id").isMissingNode() ? null : json.get("id"));
            Exchange exchange = Exchange.of(json);
            WireClient client = client(exchange.protocol);
            next.set(exchange.answer(client.streamType()));
            if (exchange.embeddings) {
                embeddings(client, exchange, said);
            } else {
                chat(client.chat(), exchange.streamed, said);
            }
            read++;
        } catch (LlmException error) {
            fail(said, error.code(), error.getMessage(), error.isRetryable());
        } catch (IOException | RuntimeException unusable) {
            fail(said, "invalid_input", unusable.getMessage(), false);
        }
        return said.toString();
    }

    private WireClient client(String protocol) {
        WireClient known = clients.get(protocol);
        if (known == null) {
            known = WireClient.of(protocol, server.url("/"));
            clients.put(protocol, known);
        }
        return known;
    }

    private static void chat(ChatModel model, boolean streamed, ObjectNode said) {
        ChatRequest request = ChatRequest.of("Hi");
        ChatResponse response = streamed ? model.stream(request).response() : model.chat(request);
        said.put("text", response.text()).put("reasoning", response.reasoning());
        var calls = said.putArray("toolCalls");
        for (ToolCall call : response.toolCalls()) {
            calls.addObject().put("name", call.name()).put("arguments", call.arguments());
        }
        said.put("finishReason", response.finishReason().name());
        usage(response.usage(), said);
    }

    private static void embeddings(WireClient client, Exchange exchange, ObjectNode said) {
        EmbeddingRequest request = EmbeddingRequest.builder(
                        Collections.nCopies(exchange.vectors(), "Hi"), InputType.DOCUMENT)
                .build();
        EmbeddingResponse response = client.embeddings().embed(request);
        said.put("embeddings", response.vectors().size());
        said.put("dimensions", response.vectors().get(0).length);
        usage(response.usage(), said);
    }

    private static void usage(Usage usage, ObjectNode said) {
        ObjectNode counts = said.putObject("usage");
        counts.put("input", count(usage.input()));
        counts.put("output", count(usage.output()));
        counts.put("cachedRead", count(usage.cachedInput()));
        counts.put("reasoning", count(usage.reasoning()));
    }

    private static @Nullable Long count(OptionalLong count) {
        return count.isPresent() ? count.getAsLong() : null;
    }

    private void fail(ObjectNode said, String type, @Nullable String message, boolean retryable) {
        failed++;
        JsonNode id = said.get("id");
        said.removeAll();
        said.set("id", id);
        said.putObject("error").put("type", type).put("message", message).put("retryable", retryable);
    }

    @Override
    public void close() {
        clients.values().forEach(WireClient::close);
        server.close();
    }
}
