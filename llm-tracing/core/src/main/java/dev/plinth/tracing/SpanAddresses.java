package dev.plinth.tracing;

import dev.plinth.api.score.Target;
import io.opentelemetry.api.trace.SpanContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the spans of the last interactions and answers are, so that what is found out later can be joined to them. */
final class SpanAddresses {

    private final Map<Target, SpanContext> last;

    /** Keeps this many; the oldest go first. */
    SpanAddresses(int most) {
        this.last = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Target, SpanContext> eldest) {
                return size() > most;
            }
        };
    }

    void add(Target target, SpanContext span) {
        if (span.isValid()) {
            synchronized (last) {
                last.remove(target); // or it would keep the place it had
                last.put(target, span);
            }
        }
    }

    @Nullable
    SpanContext find(Target target) {
        synchronized (last) {
            return last.get(target);
        }
    }
}
