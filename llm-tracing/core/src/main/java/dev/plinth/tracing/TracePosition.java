package dev.plinth.tracing;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Scope;
import dev.plinth.api.context.Step;
import dev.plinth.api.context.ThreadContext;
import dev.plinth.api.context.TraceHeaders;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where in a trace work stands. A {@link CallContext} carries it, so it goes where the call goes, and is made current
 * there for whoever asks OpenTelemetry.
 */
record TracePosition(Context context) implements ThreadContext, Step.Listener, TraceHeaders {

    private static final TracePosition NOWHERE = new TracePosition(Context.root());
    private static final Scope UNCHANGED = () -> {};

    /** The position the context carries, or null. */
    static @Nullable TracePosition of(CallContext call) {
        return call.attachment(TracePosition.class).orElse(null);
    }

    /** The context, at this position. */
    CallContext carriedBy(CallContext call) {
        return call.toBuilder().attachment(TracePosition.class, this).build();
    }

    /** The innermost call around, or null. */
    @Nullable
    CallSpan call() {
        return CallSpan.around(context);
    }

    /** The innermost call around if it is open, or null. */
    @Nullable
    CallSpan openCall() {
        CallSpan call = call();
        return call != null && call.isOpen() ? call : null;
    }

    /** Whether work in that context is a part of what is done here, further in. */
    boolean contains(Context inner) {
        CallSpan call = call();
        if (call != null) {
            return call == CallSpan.around(inner) && inner != call.context();
        }
        SpanContext here = Span.fromContext(context).getSpanContext();
        return !here.isValid()
                || here.getTraceId()
                        .equals(Span.fromContext(inner).getSpanContext().getTraceId());
    }

    /** Leaves a thread as it is that works within this call already: spans of the application stay in between. */
    @Override
    @SuppressWarnings("MustBeClosedChecker") // closed with the scope that is returned
    public Scope makeCurrent() {
        CallSpan call = call();
        boolean within = call != null && call.context() == context && call == CallSpan.around(Context.current());
        if (within || context == Context.root()) {
            return UNCHANGED;
        }
        io.opentelemetry.context.Scope scope = context.makeCurrent();
        return scope::close;
    }

    @Override
    public void ended(Step step) {
        CallSpan call = call();
        if (call != null) {
            call.ended(step);
        }
    }

    @Override
    public Map<String, String> traceHeaders() {
        CallSpan call = call();
        return call == null ? Map.of() : call.headers(context);
    }

    /** Takes what is current on the thread, unless the context comes from another call or another trace. */
    public static final class Capture implements Provider {

        @Override
        public CallContext capture(CallContext context) {
            Context current = Context.current();
            TracePosition known = of(context);
            if (known != null && (known.context == current || !known.contains(current))) {
                return context;
            }
            return (current == Context.root() ? NOWHERE : new TracePosition(current)).carriedBy(context);
        }
    }
}
