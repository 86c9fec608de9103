package dev.plinth.providers.llamacpp;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.usage.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer as the engine generates it. It holds the engine until its end. */
final class LlamaStream extends AbstractChatStream {

    private final Engine.Answer answer;
    private final Turns turns;
    private final Limits limits;
    private final StopSequences stops;
    private final ModelInfo info;
    private long input = -1;
    private long output;
    private boolean exact = true;
    private @Nullable FinishReason finish;

    LlamaStream(Engine.Answer answer, Turns turns, Limits limits, List<String> stops, ModelInfo info) {
        this.answer = answer;
        this.turns = turns;
        this.limits = limits;
        this.stops = new StopSequences(stops);
        this.info = info;
    }

    @Override
    protected StreamEvent advance() {
        try {
            while (finish == null) {
                String text = take(answer.next(limits));
                if (!text.isEmpty()) {
                    return new StreamEvent.TextDelta(text);
                }
            }
        } catch (LlmException e) {
            throw e.setPartial(partialText(), usage());
        }
        return new StreamEvent.Finished(ChatResponse.builder()
                .message(Message.assistant(partialText()))
                .finishReason(finish)
                .usage(usage())
                .provider(info.provider())
                .model(info.model())
                .build());
    }

    /** The text that is certainly part of the answer by now. */
    private String take(Output next) {
        if (next instanceof Output.Begun begun) {
            input = begun.tokens();
            exact = begun.exact();
            return "";
        }
        if (next instanceof Output.Piece piece) {
            limits.tokenCame();
            output += piece.tokens();
            exact &= piece.exact();
            String text = stops.next(piece.text());
            if (stops.found()) {
                finish = FinishReason.STOP;
                answer.cancel();
            }
            return text;
        }
        finish = ((Output.Ended) next).complete() ? FinishReason.STOP : FinishReason.LENGTH;
        return stops.rest();
    }

    private Usage usage() {
        return Usage.builder()
                .input(input)
                .output(output)
                .source(exact ? Usage.Source.REPORTED : Usage.Source.ESTIMATED)
                .build();
    }

    @Override
    protected void release() {
        answer.cancel();
        turns.leave();
    }
}
