package dev.plinth.api.option;

import dev.plinth.api.check.Check;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Vendor options of a request, by typed key. Holds no secrets. An adapter ignores keys of other vendors.
 *
 * <p>Immutable and thread-safe, as long as the values are.
 */
public final class Options {

    /** No options. */
    public static final Options NONE = new Options(Collections.emptySortedMap());

    private final Map<String, Object> values;

    private Options(Map<String, Object> values) {
        this.values = values;
    }

    /** The value of this key, or empty. */
    public <T> Optional<T> get(OptionKey<T> key) {
        return Optional.ofNullable(key.type().cast(values.get(key.name())));
    }

    /**
     * These options with one more, or with another value of the key.
     *
     * @throws IllegalArgumentException if the value is null or not of the key's type
     */
    public <T> Options with(OptionKey<T> key, T value) {
        Check.notNull(key, "key");
        Check.notNull(value, key.name());
        Check.that(
                key.type().isInstance(value),
                key.name(),
                value.getClass().getName(),
                key.type().getName());
        Map<String, Object> more = new TreeMap<>(values);
        more.put(key.name(), value);
        return new Options(Collections.unmodifiableMap(more));
    }

    /** The names of the keys that have a value, sorted. */
    public Set<String> names() {
        return values.keySet();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Options that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return "Options" + values;
    }
}
