package dev.plinth.providers.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.providers.HttpCall;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.TokenProtocol;
import java.io.IOException;

/** The path {@code count_tokens} of the Messages API. */
record MessageTokens(Messages messages) implements TokenProtocol {

    @Override
    public String path(ChatCall call) {
        return messages.path(call) + "/count_tokens";
    }

    @Override
    public void write(ChatCall call, JsonGenerator json) throws IOException {
        messages.writer(call).writeForCount(json);
    }

    @Override
    public void addHeaders(ChatCall call, HttpCall.Builder headers) {
        messages.addHeaders(call, headers);
    }

    @Override
    public String field() {
        return "input_tokens";
    }
}
