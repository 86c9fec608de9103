package dev.plinth.providers.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.check.Check;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.providers.Endpoint;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.HttpAnswer;
import dev.plinth.providers.HttpBody;
import dev.plinth.providers.HttpCall;
import dev.plinth.providers.ProviderAnswer;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A chat model at a server, whatever protocol it speaks: refuses what the model cannot do, makes the call, and tells
 * errors apart in the same way for plain and streamed answers.
 *
 * <p>Thread-safe.
 */
public final class HttpChatModel implements ChatModel {

    private final Endpoint endpoint;
    private final ModelInfo info;
    private final ChatProtocol protocol;
    private final ErrorDetails details;

    /** A model at this endpoint. */
    public HttpChatModel(Endpoint endpoint, ModelInfo info, ChatProtocol protocol) {
        this.endpoint = Check.notNull(endpoint, "endpoint");
        this.info = Check.notNull(info, "info");
        this.protocol = Check.notNull(protocol, "protocol");
        this.details = endpoint.details(info.model());
    }

    @Override
    public ModelInfo info() {
        return info;
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        ChatCall call = call(request, false);
        try (ProviderAnswer answer = send(call)) {
            HttpAnswer http = answer.http();
            RawCopy raw = request.keepRaw() ? new RawCopy(http.body()) : null;
            WholeAnswer whole = read(http, raw, call);
            http.finish();
            ErrorBody error = whole.error();
            if (error != null) {
                throw whole.addTo(answer.error(error));
            }
            if (!whole.isAnswer()) {
                throw malformed(http, null);
            }
            return whole.response(info.provider())
                    .requestId(http.requestId().orElse(null))
                    .rateLimits(http.rateLimits())
                    .raw(raw == null ? null : raw.text())
                    .build();
        }
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        ChatCall call = call(request, true);
        ProviderAnswer answer = send(call);
        if (protocol.hasFrames(answer.http())) {
            return new HttpChatStream(answer, info.provider(), protocol, call);
        }
        try (answer) {
            throw answeredInOnePiece(answer, call);
        }
    }

    private ChatCall call(ChatRequest request, boolean streamed) {
        request.requireSupport(info);
        Optional<String> asked = request.model();
        return asked.isPresent()
                ? new ChatCall(request, asked.get(), streamed, endpoint.details(asked.get()))
                : new ChatCall(request, info.model(), streamed, details);
    }

    private ProviderAnswer send(ChatCall call) {
        ChatRequest request = call.request();
        HttpBody body = HttpBody.json(Json.FACTORY, json -> protocol.write(call, json));
        HttpCall.Builder http = HttpCall.post(endpoint.url(protocol.path(call)), body)
                .streamed(call.streamed())
                .timeouts(request.timeouts().orElse(null))
                .details(call.details())
                .header("Accept", call.streamed() ? protocol.streamType() : "application/json");
        protocol.addHeaders(call, http);
        return endpoint.send(http, request.context());
    }

    private WholeAnswer read(HttpAnswer http, @Nullable RawCopy raw, ChatCall call) {
        WholeAnswer answer = new WholeAnswer(protocol.reader(call));
        try (JsonParser json = Json.FACTORY.createParser(raw == null ? http.body() : raw)) {
            if (json.nextToken() == null) {
                throw malformed(http, null);
            }
            answer.read(json);
            return answer;
        } catch (JsonProcessingException broken) {
            throw malformed(http, broken);
        } catch (IOException failure) {
            throw http.failed(failure);
        }
    }

    /** A server that was asked for a stream and answered in one piece: an error that carries the text, if there is one. */
    private LlmException answeredInOnePiece(ProviderAnswer answer, ChatCall streamed) {
        ChatCall plain = new ChatCall(streamed.request(), streamed.model(), false, streamed.details());
        WholeAnswer whole = read(answer.http(), null, plain);
        ErrorBody error = whole.error();
        return whole.addTo(
                error != null
                        ? answer.error(error)
                        : new MalformedResponseException(
                                "content-type: application/json (expected: " + protocol.streamType() + ")",
                                answer.http().details(),
                                null));
    }

    private static MalformedResponseException malformed(HttpAnswer answer, @Nullable IOException cause) {
        String type = answer.header("Content-Type").orElse("no content type");
        return new MalformedResponseException(
                "body: " + type + " without an answer (expected: the answer of a chat model)",
                answer.details(),
                Json.withoutContent(cause));
    }
}
