package dev.plinth.tracing;

import dev.plinth.tracing.content.CapturedContent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;

/** Writes captured content where the application wants it: on the span of the call, or in an event beside it. */
final class ContentWriter {

    private final Logger events;
    private final boolean asEvents;

    ContentWriter(Logger events, boolean asEvents) {
        this.events = events;
        this.asEvents = asEvents;
    }

    /** @param facts what is said of the call in the event */
    void write(CallSpan span, Operation operation, Attributes facts, CapturedContent content) {
        if (asEvents) {
            event(span, operation, facts, content);
        } else {
            content.values().forEach((name, value) -> attribute(span, name, value));
        }
        content.reference().ifPresent(reference -> span.set(PlinthAttributes.CONTENT_REFERENCE, reference));
        content.withheld().ifPresent(why -> span.set(PlinthAttributes.CONTENT_WITHHELD, why));
    }

    /** On spans as JSON: not all back ends take structures there. */
    private static void attribute(CallSpan span, String name, Value<?> value) {
        if (value.getType() == ValueType.LONG) {
            span.set(AttributeKey.longKey(name), (Long) value.getValue());
        } else {
            span.set(AttributeKey.stringKey(name), value.asString());
        }
    }

    private void event(CallSpan span, Operation operation, Attributes facts, CapturedContent content) {
        LogRecordBuilder event = events.logRecordBuilder()
                .setEventName(
                        operation == Operation.CHAT
                                ? "gen_ai.client.inference.operation.details"
                                : "plinth.operation.details")
                .setSeverity(Severity.DEBUG)
                .setContext(span.context())
                .setAllAttributes(facts);
        content.values().forEach((name, value) -> event.setAttribute(AttributeKey.valueKey(name), value));
        event.emit();
    }
}
