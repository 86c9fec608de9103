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
import dev.plinth.api.time.TimeSource;

/** Masks what goes to a chat model and what comes back. */
final class MaskingLayer implements Layer {

    private final boolean restoring;
    private final TimeSource time;

    MaskingLayer(boolean restoring, TimeSource time) {
        this.restoring = restoring;
        this.time = time;
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
                MaskingReport report = new MaskingReport(request.context(), tokens, time);
                ChatRequest masked = RequestMask.mask(request, tokens, restoring);
                report.requestMasked();
                AnswerMask answer = answer(request, tokens);
                try {
                    ChatResponse response = answer.mask(next().chat(masked));
                    report.answerMasked();
                    return response;
                } catch (LlmException exception) {
                    // Not flushed: the end of a partial text may be the beginning of a value.
                    String partial = answer.text().append(exception.partialText());
                    throw exception.setPartial(partial, exception.partialUsage());
                }
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                Tokens tokens = new Tokens();
                MaskingReport report = new MaskingReport(request.context(), tokens, time);
                ChatRequest masked = RequestMask.mask(request, tokens, restoring);
                report.requestMasked();
                return new MaskedStream(next().stream(masked), answer(request, tokens), report);
            }
        };
    }

    private AnswerMask answer(ChatRequest request, Tokens tokens) {
        return new AnswerMask(tokens, restoring, !(request.responseFormat() instanceof ResponseFormat.Text));
    }
}
