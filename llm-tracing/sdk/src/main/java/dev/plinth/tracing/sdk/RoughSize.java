package dev.plinth.tracing.sdk;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** About how many bytes something takes. Texts count a byte a character, as the JDK keeps most of them. */
final class RoughSize {

    /** A span without anything in it: itself, its context and its place in the maps. */
    static final long SPAN = 600;

    private static final long ENTRY = 32;
    private static final long TEXT = 56;

    private RoughSize() {}

    static long of(SpanData span) {
        long size = SPAN + text(span.getName()) + of(span.getAttributes());
        for (EventData event : span.getEvents()) {
            size += TEXT + text(event.getName()) + of(event.getAttributes());
        }
        for (LinkData link : span.getLinks()) {
            size += TEXT + of(link.getAttributes());
        }
        return size;
    }

    static long of(TraceScore score) {
        return 3 * TEXT + text(score.name()) + text(score.label()) + text(score.explanation());
    }

    private static long of(Attributes attributes) {
        long size = 0;
        for (Object value : attributes.asMap().values()) {
            size += ENTRY + value(value);
        }
        return size;
    }

    private static long value(@Nullable Object value) {
        if (value instanceof String text) {
            return text(text);
        }
        if (value instanceof ByteBuffer bytes) {
            return bytes.remaining();
        }
        if (value instanceof Value<?> structured) {
            return value(structured.getValue());
        }
        if (value instanceof KeyValue pair) {
            return text(pair.getKey()) + value(pair.getValue());
        }
        long size = ENTRY;
        if (value instanceof List<?> list) {
            for (Object each : list) {
                size += value(each);
            }
        }
        return size;
    }

    private static long text(@Nullable String text) {
        return text == null ? 0 : TEXT + text.length();
    }
}
