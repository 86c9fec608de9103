package dev.plinth.providers.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.providers.HttpCall;
import dev.plinth.providers.wire.AnswerReader;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.ChatProtocol;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Anthropic's Messages API. */
final class Messages implements ChatProtocol {

    private final ApiVersion version;
    private final int maxTokens;
    private final List<String> betas;

    Messages(ApiVersion version, int maxTokens, List<String> betas) {
        this.version = version;
        this.maxTokens = maxTokens;
        this.betas = betas;
    }

    @Override
    public String path(ChatCall call) {
        return "/v1/messages";
    }

    /** The writer of the body of a call, for what sends it elsewhere. */
    RequestWriter writer(ChatCall call) {
        return new RequestWriter(call, version, maxTokens);
    }

    @Override
    public void write(ChatCall call, JsonGenerator json) throws IOException {
        writer(call).write(json);
    }

    @Override
    public void addHeaders(ChatCall call, HttpCall.Builder headers) {
        addBetas(List.of(call.request()), headers);
    }

    /** Names the betas of the server and of the requests, each once. */
    void addBetas(List<ChatRequest> requests, HttpCall.Builder headers) {
        Set<String> all = new LinkedHashSet<>(betas);
        for (ChatRequest request : requests) {
            request.options().get(Anthropic.BETAS).ifPresent(names -> {
                for (String beta : names.split(",")) {
                    all.add(beta.strip());
                }
            });
        }
        all.remove("");
        if (!all.isEmpty()) {
            headers.header("anthropic-beta", String.join(",", all));
        }
    }

    @Override
    public AnswerReader reader(ChatCall call) {
        return new MessageReader(call.streamed());
    }
}
