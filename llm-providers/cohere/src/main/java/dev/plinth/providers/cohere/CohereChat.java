package dev.plinth.providers.cohere;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.providers.HttpAnswer;
import dev.plinth.providers.wire.AnswerReader;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.ChatProtocol;
import dev.plinth.providers.wire.JsonEvents;
import dev.plinth.providers.wire.JsonFrames;
import dev.plinth.providers.wire.JsonLines;
import java.io.IOException;

/** Cohere's chat, version 2 of the API. */
final class CohereChat implements ChatProtocol {

    @Override
    public String path(ChatCall call) {
        return "/v2/chat";
    }

    @Override
    public void write(ChatCall call, JsonGenerator json) throws IOException {
        new ChatWriter(call).write(json);
    }

    @Override
    public AnswerReader reader(ChatCall call) {
        return new ChatReader(call.streamed());
    }

    /** Version 1 streams lines. */
    @Override
    public JsonFrames frames(HttpAnswer answer) {
        boolean lines = answer.header("Content-Type").orElse("").startsWith("application/stream+json");
        return lines ? new JsonLines(answer.body()) : new JsonEvents(answer.body());
    }
}
