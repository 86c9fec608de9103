package dev.plinth.providers.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.providers.Percent;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.TokenProtocol;
import java.io.IOException;

/** The operation {@code CountTokens}, of what Converse would be sent. */
final class CountTokens implements TokenProtocol {

    @Override
    public String path(ChatCall call) {
        return "/model/" + Percent.encode(call.model()) + "/count-tokens";
    }

    @Override
    public void write(ChatCall call, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("input");
        json.writeObjectFieldStart("converse");
        ConverseWriter writer = new ConverseWriter(call);
        writer.writeConversation(json);
        writer.writeModelFields(json);
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    @Override
    public String field() {
        return "inputTokens";
    }
}
