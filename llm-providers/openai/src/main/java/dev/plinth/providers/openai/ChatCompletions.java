package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.providers.wire.AnswerReader;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.ChatProtocol;
import java.io.IOException;

/** OpenAI's Chat Completions, the protocol most servers speak. */
final class ChatCompletions implements ChatProtocol {

    private final boolean maxTokensField;

    ChatCompletions(boolean maxTokensField) {
        this.maxTokensField = maxTokensField;
    }

    @Override
    public String path(ChatCall call) {
        return "/chat/completions";
    }

    @Override
    public void write(ChatCall call, JsonGenerator json) throws IOException {
        new CompletionWriter(call, maxTokensField).write(json);
    }

    @Override
    public AnswerReader reader(ChatCall call) {
        return new CompletionReader(call.streamed());
    }
}
