package dev.plinth.tracing;

import dev.plinth.api.context.CallContext;
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

    /** What is not of a back end's dialect. */
    private static final List<String> OURS = List.of("gen_ai.", "error.", "plinth.");

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

    /** On spans as JSON, but for numbers and lists of texts: not all back ends take structures there. */
    private static void attribute(CallSpan span, String name, Value<?> value) {
        List<Value<?>> elements = ContentValues.elements(value);
        if (value.getType() == ValueType.LONG) {
            span.set(AttributeKey.longKey(name), (Long) value.getValue());
        } else if (!elements.isEmpty() && elements.stream().allMatch(each -> each.getType() == ValueType.STRING)) {
            span.set(
                    AttributeKey.stringArrayKey(name),
                    elements.stream().map(Value::asString).toList());
        } else {
            span.set(AttributeKey.stringKey(name), value.asString());
        }
    }

    /** With what the span has that tells whose content it is, since the span may not be kept. */
    private void event(
            CallSpan span, Operation operation, @Nullable ModelInfo info, String name, CapturedContent content) {
        LogRecordBuilder event = events.logRecordBuilder()
                .setEventName(
                        operation == Operation.CHAT
                                ? "gen_ai.client.inference.operation.details"
                                : "plinth.operation.details")
                .setSeverity(Severity.DEBUG)
                .setContext(span.context())
                .setAttribute(GenAi.OPERATION_NAME, operation.word())
                .setAttribute(asked(operation), name);
        if (info != null && vocabulary.providerInDetails()) {
            event.setAttribute(GenAi.PROVIDER_NAME, info.provider());
        }
        CallContext context = content.context();
        context.session().ifPresent(session -> event.setAttribute(GenAi.CONVERSATION_ID, session));
        context.interaction()
                .ifPresent(interaction -> event.setAttribute(PlinthAttributes.INTERACTION_ID, interaction.id()));
        span.told().forEach((attribute, value) -> told(event, attribute, value));
        content.values().forEach((attribute, value) -> event.setAttribute(AttributeKey.valueKey(attribute), value));
        event.emit();
    }

    private static AttributeKey<String> asked(Operation operation) {
        return switch (operation) {
            case CHAT, EMBEDDINGS, RERANK -> GenAi.REQUEST_MODEL;
            case RETRIEVAL -> GenAi.DATA_SOURCE_ID;
            case EXECUTE_TOOL -> GenAi.TOOL_NAME;
        };
    }

    @SuppressWarnings("unchecked") // the value was set with this key
    private <T> void told(LogRecordBuilder event, AttributeKey<T> attribute, Object value) {
        boolean saysWho = !attribute.equals(GenAi.PROVIDER_NAME) || vocabulary.providerInDetails();
        boolean timed = attribute.equals(GenAi.TIME_TO_FIRST_CHUNK); // says nothing of the content
        if (saysWho && !timed && OURS.stream().anyMatch(attribute.getKey()::startsWith)) {
            event.setAttribute(attribute, (T) value);
        }
    }
}
