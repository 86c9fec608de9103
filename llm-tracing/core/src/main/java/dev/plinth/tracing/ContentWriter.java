package dev.plinth.tracing;

import dev.plinth.api.model.ModelInfo;
import dev.plinth.tracing.content.CapturedContent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes captured content where the application wants it: on the span of the call, or in an event beside it. */
final class ContentWriter {

    private final Logger events;
    private final boolean asEvents;
    private final Vocabulary vocabulary;
    private final List<Dialect> dialects;

    ContentWriter(Logger events, boolean asEvents, Vocabulary vocabulary, List<Dialect> dialects) {
        this.events = events;
        this.asEvents = asEvents;
        this.vocabulary = vocabulary;
        this.dialects = dialects;
    }

    /** Whether content has somewhere to go, though the span may not be kept. */
    boolean writesEvents() {
        return asEvents;
    }

    /**
     * Writes the content of a call.
     *
     * @param info the model that was asked; null: none, but a retriever or a tool
     * @param name of the model, the retriever or the tool
     */
    void write(CallSpan span, Operation operation, @Nullable ModelInfo info, String name, CapturedContent content) {
        // Before the content, which may be more than a span holds.
        content.reference().ifPresent(reference -> span.set(PlinthAttributes.CONTENT_REFERENCE, reference));
        content.withheld().ifPresent(why -> span.set(PlinthAttributes.CONTENT_WITHHELD, why));
        if (asEvents) {
            event(span, operation, info, name, content);
        } else {
            content.values().forEach((attribute, value) -> attribute(span, attribute, value));
            for (Dialect dialect : dialects) {
                dialect.content(span, operation, content);
            }
        }
    }

    /** On spans as JSON: not all back ends take structures there. */
    private static void attribute(CallSpan span, String name, Value<?> value) {
        if (value.getType() == ValueType.LONG) {
            span.set(AttributeKey.longKey(name), (Long) value.getValue());
        } else {
            span.set(AttributeKey.stringKey(name), value.asString());
        }
    }

    private void event(
            CallSpan span, Operation operation, @Nullable ModelInfo info, String name, CapturedContent content) {
        LogRecordBuilder event = events.logRecordBuilder()
                .setEventName(
                        operation == Operation.CHAT
                                ? "gen_ai.client.inference.operation.details"
                                : "plinth.operation.details")
                .setSeverity(Severity.DEBUG)
                .setContext(span.context())
                .setAttribute(GenAi.OPERATION_NAME, operation.word());
        if (info != null) {
            event.setAttribute(GenAi.REQUEST_MODEL, name);
            if (vocabulary.providerInDetails()) {
                event.setAttribute(GenAi.PROVIDER_NAME, info.provider());
            }
        }
        content.values().forEach((attribute, value) -> event.setAttribute(AttributeKey.valueKey(attribute), value));
        event.emit();
    }
}
