package dev.plinth.tracing.sdk;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Remembers the newest of many; not thread-safe. */
final class Recent<V> {

    private final Map<String, V> values;

    Recent(int most) {
        this.values = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > most;
            }
        };
    }

    void put(String key, V value) {
        values.put(key, value);
    }

    /** Whether it was remembered. */
    boolean remove(String key) {
        return values.remove(key) != null;
    }

    @Nullable
    V get(String key) {
        return values.get(key);
    }
}
