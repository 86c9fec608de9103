package dev.plinth.tracing;

import dev.plinth.api.context.CallContext;
import dev.plinth.tracing.TracedCall.Answer;
import dev.plinth.tracing.content.CapturedContent;
import io.opentelemetry.api.trace.SpanBuilder;
import java.util.Collection;
import java.util.List;

/** Says on spans, in the words of one back end, what the conventions' attributes say already. Thread-safe. */
interface Dialect {

    /** The kind of an interaction's span; calls and steps go by the words they have. */
    String INTERACTION = "interaction";

    /**
     * A span begins.
     *
     * @param kind operation of a call, kind of a step, or {@link #INTERACTION}
     * @param name of the model, retriever, tool, interaction
     */
    void begins(SpanBuilder span, String kind, String name, CallContext context);

    /** A model answered, or the call broke off: then the answer says what was used by then. */
    void ended(CallSpan span, Operation operation, Answer answer);

    /** Content is recorded on the span. */
    void content(CallSpan span, Operation operation, CapturedContent content);

    /** The call failed. */
    void failed(CallSpan span, String errorType);

    /** Those of these back ends. */
    static List<Dialect> of(Collection<Compatibility> backEnds) {
        return backEnds.stream()
                .<Dialect>map(each -> switch (each) {
                    case OPENINFERENCE -> new OpenInference();
                    case LANGFUSE -> new Langfuse();
                })
                .toList();
    }
}
