package dev.plinth.tracing.sdk;

import org.jspecify.annotations.Nullable;

/**
 * What became of traces. It is remembered as long as spans of a trace run, and of the newest others; of each not more than
 * so many, since an application may never end what it starts. Not thread-safe.
 */
final class Fates<V> {

    private static final class Fate<V> {
        private final V value;
        private int open;

        Fate(V value, int open) {
            this.value = value;
            this.open = open;
        }
    }

    private final Recent<Fate<V>> running;
    private final Recent<Fate<V>> over;

    Fates(int most) {
        this.running = new Recent<>(most);
        this.over = new Recent<>(most);
    }

    /** This became of a trace, so many spans of which run. */
    void put(String traceId, V value, int open) {
        put(traceId, new Fate<>(value, open));
    }

    private void put(String traceId, Fate<V> fate) {
        (fate.open > 0 ? over : running).remove(traceId);
        (fate.open > 0 ? running : over).put(traceId, fate);
    }

    @Nullable
    V get(String traceId) {
        Fate<V> fate = find(traceId);
        return fate == null ? null : fate.value;
    }

    private @Nullable Fate<V> find(String traceId) {
        Fate<V> fate = running.get(traceId);
        return fate == null ? over.get(traceId) : fate;
    }

    /** One more span of a trace runs. Returns what became of the trace, if that is known. */
    @Nullable
    V started(String traceId) {
        return change(traceId, 1);
    }

    /** One span of a trace less runs. Returns what became of the trace, if that is known. */
    @Nullable
    V ended(String traceId) {
        return change(traceId, -1);
    }

    private @Nullable V change(String traceId, int more) {
        Fate<V> fate = find(traceId);
        if (fate == null) {
            return null;
        }
        fate.open = Math.max(0, fate.open + more);
        put(traceId, fate);
        return fate.value;
    }
}
