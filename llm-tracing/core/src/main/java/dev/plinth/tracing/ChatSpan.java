package dev.plinth.tracing;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.layer.ChatWatch;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.score.Target;
import dev.plinth.tracing.TracedCall.Answer;
import io.opentelemetry.api.trace.SpanBuilder;
import java.util.List;
import java.util.Locale;

/** Watches one chat call, plain or streamed. */
final class ChatSpan implements ChatWatch {

    private final TracedCall call;

    private ChatSpan(TracedCall call) {
        this.call = call;
    }

    static ChatSpan start(Telemetry telemetry, Spans spans, ModelInfo info, ChatRequest request) {
        String model = request.model().orElse(info.model());
        CallSpan span = spans.start("chat " + model, ModelAttributes.kind(info), request.context(), builder -> {
            ModelAttributes.request(builder, Operation.CHAT, info, model);
            parameters(builder, request, telemetry.vocabulary);
        });
        return new ChatSpan(new TracedCall(
                telemetry, Operation.CHAT, request.context(), telemetry.labels(Operation.CHAT, info, model), span));
    }

    private static void parameters(SpanBuilder span, ChatRequest request, Vocabulary vocabulary) {
        request.temperature().ifPresent(value -> span.setAttribute(GenAi.REQUEST_TEMPERATURE, value));
        request.topP().ifPresent(value -> span.setAttribute(GenAi.REQUEST_TOP_P, value));
        request.maxOutputTokens().ifPresent(value -> span.setAttribute(GenAi.REQUEST_MAX_TOKENS, (long) value));
        request.seed().ifPresent(value -> span.setAttribute(GenAi.REQUEST_SEED, value));
        if (request.reasoningEffort().isPresent() && vocabulary.reasoningLevel() != null) {
            String level = request.reasoningEffort().get().name().toLowerCase(Locale.ROOT);
            span.setAttribute(vocabulary.reasoningLevel(), level);
        }
        if (!(request.responseFormat() instanceof ResponseFormat.Text)) {
            span.setAttribute(GenAi.OUTPUT_TYPE, "json");
        }
        request.context().prompt().ifPresent(prompt -> {
            span.setAttribute(GenAi.PROMPT_NAME, prompt.name());
            span.setAttribute(
                    vocabulary.promptVersion() == null ? PlinthAttributes.PROMPT_VERSION : vocabulary.promptVersion(),
                    prompt.version());
        });
    }

    @Override
    public ChatRequest request(ChatRequest request) {
        return request.toBuilder()
                .context(Spans.carry(request.context(), call.span()))
                .build();
    }

    @Override
    public void event(StreamEvent event) {
        call.chunk();
    }

    @Override
    public void done(ChatResponse response) {
        Answer answer = new Answer(
                response.model().orElse(null),
                response.usage(),
                response.cost().orElse(null),
                response.attempts(),
                response.cached());
        CallSpan span = call.span();
        response.id().ifPresent(id -> call.remember(new Target(Target.Kind.RESPONSE, id)));
        call.answered(answer, () -> {
            span.set(GenAi.RESPONSE_ID, response.id().orElse(null));
            span.set(GenAi.FINISH_REASONS, List.of(finishReason(response)));
            span.set(PlinthAttributes.CACHED, response.cached());
        });
    }

    /** The conventions' word where they have one, else the vendor's. */
    private static String finishReason(ChatResponse response) {
        FinishReason reason = response.finishReason();
        if (reason == FinishReason.TOOL_CALLS) {
            return "tool_call";
        }
        if (reason == FinishReason.OTHER) {
            return response.rawFinishReason().orElse("other");
        }
        return reason.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void failed(Throwable failure) {
        call.failed(failure);
    }

    @Override
    public void cancelled() {
        call.cancelled();
    }
}
