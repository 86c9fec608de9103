package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.providers.wire.AnswerReader;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.ChatProtocol;
import java.io.IOException;

/** OpenAI's Chat Completions, the protocol most servers speak, each in its dialect. */
final class ChatCompletions implements ChatProtocol {

    private final Paths paths;
    private final Dialect dialect;

    ChatCompletions(Paths paths, Dialect dialect) {
        this.paths = paths;
        this.dialect = dialect;
    }

    @Override
    public String path(ChatCall call) {
        return paths.of(call.model(), "/chat/completions");
    }

    @Override
    public void write(ChatCall call, JsonGenerator json) throws IOException {
        new CompletionWriter(call, dialect).write(json);
    }

    @Override
    public AnswerReader reader(ChatCall call) {
        return new CompletionReader(call.streamed());
    }
}
