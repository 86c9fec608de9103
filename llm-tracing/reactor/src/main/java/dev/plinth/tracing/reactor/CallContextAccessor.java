package dev.plinth.tracing.reactor;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Scope;
import io.micrometer.context.ThreadLocalAccessor;
import io.opentelemetry.context.Context;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Brings the current {@link CallContext} into Reactor's context and back onto its threads, under the class as the key;
 * found by {@link java.util.ServiceLoader}. It is what {@code contextCapture()} and
 * {@code Hooks.enableAutomaticContextPropagation()} need.
 *
 * <p>Thread-safe. What is set on a thread is restored on the same one, the last first, as the library for context
 * propagation does.
 */
public final class CallContextAccessor implements ThreadLocalAccessor<CallContext> {

    private static final ThreadLocal<Deque<Scope>> SCOPES = new ThreadLocal<>();

    /** For the service loader. */
    public CallContextAccessor() {}

    @Override
    public Object key() {
        return CallContext.class;
    }

    /** The current context with what else is current, such as a span; null when nothing is. */
    @Override
    public @Nullable CallContext getValue() {
        CallContext current = CallContext.current();
        boolean none = current == CallContext.EMPTY && Context.current() == Context.root();
        return none ? null : current.captured();
    }

    @Override
    public void setValue(CallContext context) {
        Deque<Scope> open = SCOPES.get();
        if (open == null) {
            open = new ArrayDeque<>();
            SCOPES.set(open);
        }
        open.push(context.makeCurrent());
    }

    @Override
    public void setValue() {
        setValue(CallContext.EMPTY);
    }

    @Override
    public void restore(CallContext before) {
        restore();
    }

    @Override
    public void restore() {
        Deque<Scope> open = SCOPES.get();
        if (open == null) {
            return;
        }
        open.pop().close();
        if (open.isEmpty()) {
            SCOPES.remove();
        }
    }
}
