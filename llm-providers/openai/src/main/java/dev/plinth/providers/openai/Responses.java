package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.providers.wire.AnswerReader;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.ChatProtocol;
import java.io.IOException;

/** OpenAI's Responses. */
final class Responses implements ChatProtocol {

    /** Whose words reasoning and items of this protocol are. */
    static final String PROTOCOL = "openai-responses";

    private final Paths paths;

    Responses(Paths paths) {
        this.paths = paths;
    }

    @Override
    public String path(ChatCall call) {
        return paths.of(call.model(), "/responses");
    }

    @Override
    public void write(ChatCall call, JsonGenerator json) throws IOException {
        new ResponsesWriter(call).write(json);
    }

    @Override
    public AnswerReader reader(ChatCall call) {
        return new ResponsesReader(call.streamed());
    }
}
