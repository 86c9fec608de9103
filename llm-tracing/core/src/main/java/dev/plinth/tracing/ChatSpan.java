package dev.plinth.tracing;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.layer.ChatWatch;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.time.TimeSource;
import io.opentelemetry.api.trace.SpanBuilder;
import java.util.List;
import java.util.Locale;

/** The span of one chat call, plain or streamed. */
final class ChatSpan implements ChatWatch {

    private static final double NANOS_PER_SECOND = 1e9;

    private final CallSpan span;
    private final TimeSource time;
    private final long startedNanos;
    private boolean chunkSeen;

    private ChatSpan(CallSpan span, TimeSource time) {
        this.span = span;
        this.time = time;
        this.startedNanos = time.nanos();
    }

    static ChatSpan start(Spans spans, TimeSource time, ModelInfo info, ChatRequest request) {
        String model = request.model().orElse(info.model());
        CallSpan span = spans.start(
                "chat " + model,
                ModelAttributes.kind(info),
                request.context(),
                builder -> parameters(ModelAttributes.request(builder, "chat", info, model), request));
        return new ChatSpan(span, time);
    }

    private static SpanBuilder parameters(SpanBuilder builder, ChatRequest request) {
        request.temperature().ifPresent(value -> builder.setAttribute(SpanAttributes.REQUEST_TEMPERATURE, value));
        request.topP().ifPresent(value -> builder.setAttribute(SpanAttributes.REQUEST_TOP_P, value));
        request.maxOutputTokens()
                .ifPresent(value -> builder.setAttribute(SpanAttributes.REQUEST_MAX_TOKENS, (long) value));
        request.seed().ifPresent(value -> builder.setAttribute(SpanAttributes.REQUEST_SEED, value));
        if (!(request.responseFormat() instanceof ResponseFormat.Text)) {
            builder.setAttribute(SpanAttributes.OUTPUT_TYPE, "json");
        }
        request.context()
                .prompt()
                .ifPresent(prompt -> builder.setAttribute(SpanAttributes.PROMPT_NAME, prompt.name())
                        .setAttribute(SpanAttributes.PROMPT_VERSION, prompt.version()));
        return builder;
    }

    @Override
    public ChatRequest request(ChatRequest request) {
        return request.toBuilder().context(Spans.carry(request.context(), span)).build();
    }

    @Override
    public void event(StreamEvent event) {
        if (!chunkSeen) {
            chunkSeen = true;
            span.set(SpanAttributes.TIME_TO_FIRST_CHUNK, (time.nanos() - startedNanos) / NANOS_PER_SECOND);
        }
    }

    @Override
    public void done(ChatResponse response) {
        span.endWith(() -> {
            span.set(SpanAttributes.RESPONSE_ID, response.id().orElse(null));
            span.set(SpanAttributes.RESPONSE_MODEL, response.model().orElse(null));
            span.set(SpanAttributes.FINISH_REASONS, List.of(finishReason(response)));
            span.set(PlinthAttributes.CACHED, response.cached());
            span.usage(response.usage());
            span.cost(response.cost().orElse(null));
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
        span.endFailed(failure);
    }

    @Override
    public void cancelled() {
        span.endCancelled();
    }
}
