package dev.plinth.providers.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.providers.HttpAnswer;
import dev.plinth.providers.Percent;
import dev.plinth.providers.wire.AnswerReader;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.ChatProtocol;
import dev.plinth.providers.wire.JsonFrames;
import java.io.IOException;

/** Converse and ConverseStream: one protocol for all models of Bedrock. */
final class Converse implements ChatProtocol {

    @Override
    public String path(ChatCall call) {
        return "/model/" + Percent.encode(call.model()) + (call.streamed() ? "/converse-stream" : "/converse");
    }

    @Override
    public void write(ChatCall call, JsonGenerator json) throws IOException {
        new ConverseWriter(call).write(json);
    }

    @Override
    public AnswerReader reader(ChatCall call) {
        return new ConverseReader(call.streamed());
    }

    @Override
    public JsonFrames frames(HttpAnswer answer) {
        return new EventStreamFrames(answer.body(), answer::details);
    }

    @Override
    public String streamType() {
        return EventStreamFrames.MEDIA_TYPE;
    }
}
