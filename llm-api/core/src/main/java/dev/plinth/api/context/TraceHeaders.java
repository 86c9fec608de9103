package dev.plinth.api.context;

import java.util.Map;

/**
 * Says which headers make the spans of a server a part of the trace of a call: for tracing layers, which attach it to
 * the context of the call. See {@link CallContext#traceHeaders}.
 */
@FunctionalInterface
public interface TraceHeaders {

    /** Names in lower case and values, such as W3C's {@code traceparent}; none when there is no trace. */
    Map<String, String> traceHeaders();
}
