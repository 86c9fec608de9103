package dev.plinth.tracing;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.layer.ChatWatch;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.score.Target;
import dev.plinth.tracing.TracedCall.Answer;
import dev.plinth.tracing.TracedCall.Content;
import io.opentelemetry.api.trace.SpanBuilder;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Watches one chat call, plain or streamed. */
final class ChatSpan implements ChatWatch {

    /** What the conventions want for an answer that ended without a reason. */
    private static final List<String> NO_REASON = List.of("error");

    private static final ChatWatch NOT_TRACED = new ChatWatch() {};

    private final TracedCall call;
    private final ChatRequest request;
    private final @Nullable StringBuilder text; // a stream may be closed while another thread reads it

    private ChatSpan(TracedCall call, ChatRequest request, CallContext context) {
        this.call = call;
        boolean captures = call.capturesContent();
        // Where a stream ends, another context may be current, and other rules would hold.
        this.request = captures ? request.toBuilder().context(context).build() : request;
        this.text = captures ? new StringBuilder() : null;
    }

    /** A watch that sees nothing, should the span not start. */
    static ChatWatch start(Telemetry telemetry, Spans spans, ModelInfo info, ChatRequest request, boolean streamed) {
        return telemetry.guard.<ChatWatch>get(
                () -> {
                    CallContext context = request.context();
                    String model = request.model().orElse(info.model());
                    TracedCall call = TracedCall.of(
                            telemetry,
                            Operation.CHAT,
                            context,
                            info,
                            model,
                            at -> telemetry.reportedElsewhere.has(info)
                                    ? spans.startOfReportedElsewhere(Operation.CHAT, model, context, at)
                                    : spans.start(
                                            Operation.CHAT,
                                            model,
                                            ModelAttributes.kind(info),
                                            context,
                                            at,
                                            builder -> attributes(builder, telemetry, info, model, request, streamed)));
                    return new ChatSpan(call, request, context);
                },
                NOT_TRACED);
    }

    private static void attributes(
            SpanBuilder builder,
            Telemetry telemetry,
            ModelInfo info,
            String model,
            ChatRequest request,
            boolean streamed) {
        ModelAttributes.request(builder, Operation.CHAT, info, model);
        parameters(builder, request, telemetry.vocabulary);
        if (streamed) {
            builder.setAttribute(GenAi.REQUEST_STREAM, true);
        }
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
        request.context()
                .prompt()
                .ifPresent(prompt -> span.setAttribute(vocabulary.promptName(), prompt.name())
                        .setAttribute(vocabulary.promptVersion(), prompt.version()));
    }

    @Override
    public ChatRequest request(ChatRequest request) {
        return request.toBuilder()
                .context(call.span().carriedBy(request.context()))
                .build();
    }

    @Override
    public void event(StreamEvent event) {
        call.chunk();
        if (text != null && event instanceof StreamEvent.TextDelta delta) {
            synchronized (text) {
                text.append(delta.text());
            }
        }
    }

    @Override
    public void done(ChatResponse response) {
        try {
            answered(response);
        } catch (Throwable unreadable) { // such as an answer that is null
            call.failed(unreadable, (capture, notable) -> null);
        }
    }

    private void answered(ChatResponse response) {
        Answer answer = new Answer(
                response.provider().orElse(null),
                response.model().orElse(null),
                response.usage(),
                response.cost().orElse(null),
                response.attempts(),
                response.cached());
        CallSpan span = call.span();
        String finishReason = finishReason(response);
        Content content = (capture, notable) -> capture.chat(request, response, "", inMessage(finishReason), notable);
        call.answered(answer, content, () -> {
            span.set(GenAi.RESPONSE_ID, response.id().orElse(null));
            span.set(GenAi.FINISH_REASONS, List.of(finishReason));
            span.set(PlinthAttributes.CACHED, response.cached());
        });
        if (!response.cached()) { // the id of a kept answer is that of the call that got it
            response.id()
                    .filter(id -> !id.isBlank())
                    .ifPresent(id -> call.remember(new Target(Target.Kind.RESPONSE, id)));
        }
    }

    private @Nullable String inMessage(String finishReason) {
        return call.vocabulary().finishReasonInMessages() ? finishReason : null;
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
        String partial = failure instanceof LlmException known ? known.partialText() : textSoFar();
        call.span().set(GenAi.FINISH_REASONS, NO_REASON);
        call.failed(failure, (capture, notable) -> capture.chat(request, null, partial, inMessage("error"), notable));
    }

    @Override
    public void cancelled(@Nullable CancelledException told) {
        String partial = textSoFar();
        call.span().set(GenAi.FINISH_REASONS, NO_REASON);
        call.cancelled(told, (capture, notable) -> capture.chat(request, null, partial, inMessage("error"), notable));
    }

    private String textSoFar() {
        if (text == null) {
            return "";
        }
        synchronized (text) {
            return text.toString();
        }
    }
}
