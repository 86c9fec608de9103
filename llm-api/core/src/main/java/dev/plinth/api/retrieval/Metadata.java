package dev.plinth.api.retrieval;

import dev.plinth.api.check.Check;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Typed facts about a document or a chunk, to filter by.
 *
 * <p>Immutable and thread-safe.
 */
public final class Metadata {

    /** No facts. */
    public static final Metadata NONE = new Metadata(Collections.emptySortedMap());

    private final Map<String, Value> values;

    private Metadata(Map<String, Value> values) {
        this.values = values;
    }

    /** These facts. */
    public static Metadata of(Map<String, Value> values) {
        Metadata metadata = NONE;
        for (Map.Entry<String, Value> entry : values.entrySet()) {
            metadata = metadata.with(entry.getKey(), entry.getValue());
        }
        return metadata;
    }

    /** These facts and one more, or another value of the field. */
    public Metadata with(String field, Value value) {
        Map<String, Value> more = new TreeMap<>(values);
        more.put(Check.notBlank(field, "field"), Check.notNull(value, "value"));
        return new Metadata(Collections.unmodifiableMap(more));
    }

    /** These facts and one more, or another value of the field. */
    public Metadata with(String field, String text) {
        return with(field, Value.of(text));
    }

    /** The value of a field. */
    public Optional<Value> get(String field) {
        return Optional.ofNullable(values.get(field));
    }

    /** The value of a field, if it is a text. */
    public Optional<String> text(String field) {
        return values.get(field) instanceof Value.Text text ? Optional.of(text.text()) : Optional.empty();
    }

    /** All fields, sorted by name. */
    public Map<String, Value> values() {
        return values;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Metadata that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return "Metadata" + values;
    }
}
