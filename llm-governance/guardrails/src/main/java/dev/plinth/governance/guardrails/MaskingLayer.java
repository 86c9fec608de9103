package dev.plinth.governance.guardrails;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Stage;

/** Masks what goes to a chat model and what comes back. */
final class MaskingLayer implements Layer {

    private final boolean restoring;

    MaskingLayer(boolean restoring) {
        this.restoring = restoring;
    }

    @Override
    public Stage stage() {
        return Stage.GUARD;
    }

    @Override
    public ChatModel around(ChatModel next) {
        return new ForwardingChatModel(next) {
            @Override
            public ChatResponse chat(ChatRequest request) {
                Tokens tokens = new Tokens();
                ChatRequest masked = RequestMask.mask(request, tokens, restoring);
                AnswerMask answer = answer(request, tokens);
                try {
                    return answer.mask(next().chat(masked));
                } catch (LlmException exception) {
                    // Not flushed: the end of a partial text may be the beginning of a value.
                    String partial = answer.text().append(exception.partialText());
                    throw exception.setPartial(partial, exception.partialUsage());
                }
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                Tokens tokens = new Tokens();
                ChatRequest masked = RequestMask.mask(request, tokens, restoring);
                return new MaskedStream(next().stream(masked), answer(request, tokens));
            }
        };
    }

    private AnswerMask answer(ChatRequest request, Tokens tokens) {
        return new AnswerMask(tokens, restoring, !(request.responseFormat() instanceof ResponseFormat.Text));
    }
}
