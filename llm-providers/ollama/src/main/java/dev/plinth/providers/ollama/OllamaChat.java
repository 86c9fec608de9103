package dev.plinth.providers.ollama;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.providers.HttpAnswer;
import dev.plinth.providers.wire.AnswerReader;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.ChatProtocol;
import dev.plinth.providers.wire.JsonFrames;
import dev.plinth.providers.wire.JsonLines;
import java.io.IOException;

/** Ollama's own chat protocol, whose streams are lines of JSON. */
final class OllamaChat implements ChatProtocol {

    @Override
    public String path(ChatCall call) {
        return "/api/chat";
    }

    @Override
    public void write(ChatCall call, JsonGenerator json) throws IOException {
        new ChatWriter(call).write(json);
    }

    @Override
    public AnswerReader reader(ChatCall call) {
        return new ChatReader(call.streamed());
    }

    /** An answer in one piece is a line, whatever it is called. */
    @Override
    public boolean hasFrames(HttpAnswer answer) {
        return true;
    }

    @Override
    public JsonFrames frames(HttpAnswer answer) {
        return new JsonLines(answer.body());
    }

    @Override
    public String streamType() {
        return "application/x-ndjson";
    }
}
