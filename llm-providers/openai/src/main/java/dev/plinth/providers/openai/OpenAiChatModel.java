package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.HttpAnswer;
import dev.plinth.providers.JsonBody;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Chat Completions. */
final class OpenAiChatModel implements ChatModel {

    private final Connection connection;
    private final URI url;
    private final ModelInfo info;
    private final boolean maxTokensField;

    OpenAiChatModel(Connection connection, String model, Set<Capability> capabilities, boolean maxTokensField) {
        this.connection = connection;
        this.url = connection.url("/chat/completions");
        this.info = new ModelInfo(connection.provider(), model, capabilities, connection.baseUrl());
        this.maxTokensField = maxTokensField;
    }

    @Override
    public ModelInfo info() {
        return info;
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        try (Connection.Exchange exchange = send(request, false)) {
            HttpAnswer answer = exchange.answer();
            CompletionReader reader = new CompletionReader(false);
            RawCopy raw = keepsRaw(request) ? new RawCopy(answer.body()) : null;
            try (JsonParser json = Connection.JSON.createParser(raw == null ? answer.body() : raw)) {
                json.nextToken();
                reader.read(json);
            } catch (JsonProcessingException broken) {
                throw malformed(answer, broken);
            } catch (IOException failure) {
                throw answer.failed(failure);
            }
            ChatResponse response = complete(exchange, reader);
            return raw == null ? response : response.toBuilder().raw(raw.text()).build();
        }
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        Connection.Exchange exchange = send(request, true);
        if (!exchange.answer().isJson()) {
            return new CompletionStream(exchange, info.provider(), keepsRaw(request));
        }
        try (exchange) {
            throw answeredWithJson(exchange);
        }
    }

    private static boolean keepsRaw(ChatRequest request) {
        return request.options().get(OpenAi.KEEP_RAW).orElse(false);
    }

    private Connection.Exchange send(ChatRequest request, boolean streamed) {
        request.requireSupport(info);
        String model = request.model().orElse(info.model());
        RequestWriter writer = new RequestWriter(request, model, streamed, maxTokensField);
        ErrorDetails details = connection.details(model);
        writer.requireExpressible(details);
        JsonBody body = JsonBody.write(Connection.JSON, writer::write);
        return connection.post(url, body, streamed, details, request.context(), request.timeouts());
    }

    private ChatResponse complete(Connection.Exchange exchange, CompletionReader reader) {
        HttpAnswer answer = exchange.answer();
        answer.finish();
        ErrorBody error = reader.error();
        if (error != null) {
            throw exchange.error(error).setPartial(reader.text(), reader.usage());
        }
        if (!reader.hasChoice()) {
            throw malformed(answer, null);
        }
        return reader.response(
                reader.text(), info.provider(), answer.requestId().orElse(null));
    }

    /** A server that was asked for a stream and answered in one piece: an error that carries the text, if there is one. */
    private LlmException answeredWithJson(Connection.Exchange exchange) {
        HttpAnswer answer = exchange.answer();
        CompletionReader reader = new CompletionReader(false);
        try (JsonParser json = Connection.JSON.createParser(answer.body())) {
            json.nextToken();
            reader.read(json);
        } catch (JsonProcessingException broken) {
            return malformed(answer, broken);
        } catch (IOException failure) {
            return answer.failed(failure);
        }
        ErrorBody error = reader.error();
        if (error != null) {
            return exchange.error(error).setPartial(reader.text(), reader.usage());
        }
        return new MalformedResponseException(
                        "content-type: application/json (expected: text/event-stream)", answer.details(), null)
                .setPartial(reader.text(), reader.usage());
    }

    private static MalformedResponseException malformed(HttpAnswer answer, @Nullable IOException cause) {
        String type = answer.header("Content-Type").orElse("no content type");
        return new MalformedResponseException(
                "body: " + type + " without a chat completion (expected: a chat completion)",
                answer.details(),
                CompletionStream.withoutContent(cause));
    }
}
