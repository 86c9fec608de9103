package dev.plinth.tracing.content;

import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of one call is recorded, by the names of the conventions' attributes: messages as arrays of objects after the
 * conventions' JSON Schemas, or counts under {@code plinth.content.}.
 *
 * <p>Immutable and thread-safe.
 */
public final class CapturedContent {

    private final CallContext context;
    private final Map<String, Value<?>> values;
    private final @Nullable String reference;
    private final @Nullable String withheld;

    private CapturedContent(
            CallContext context, Map<String, Value<?>> values, @Nullable String reference, @Nullable String withheld) {
        this.context = context;
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        this.reference = reference;
        this.withheld = withheld;
    }

    static CapturedContent of(CallContext context, Map<String, Value<?>> values) {
        return new CapturedContent(context, values, null, null);
    }

    static CapturedContent withheld(CallContext context, String why) {
        return new CapturedContent(context, Map.of(), null, why);
    }

    /** The context of the call, which says whose content this is. */
    public CallContext context() {
        return context;
    }

    /** The content by attribute. */
    public Map<String, Value<?>> values() {
        return values;
    }

    /** Where the content is instead. */
    public Optional<String> reference() {
        return Optional.ofNullable(reference);
    }

    /** Why there is none although it was to be captured, such as {@code redactor_failed}. */
    public Optional<String> withheld() {
        return Optional.ofNullable(withheld);
    }

    /** The same with another value of an attribute, or one more. */
    public CapturedContent with(String attribute, Value<?> value) {
        Map<String, Value<?>> changed = new LinkedHashMap<>(values);
        changed.put(Check.notBlank(attribute, "attribute"), Check.notNull(value, "value"));
        return new CapturedContent(context, changed, reference, withheld);
    }

    /** Nothing but where it is now. */
    public CapturedContent movedTo(String reference) {
        return new CapturedContent(context, Map.of(), Check.notBlank(reference, "reference"), withheld);
    }

    /** All of it as one JSON object. */
    public String toJson() {
        KeyValue[] fields = values.entrySet().stream()
                .map(each -> KeyValue.of(each.getKey(), each.getValue()))
                .toArray(KeyValue[]::new);
        return Value.of(fields).asString();
    }

    /** Names the attributes, without what they hold. */
    @Override
    public String toString() {
        return "CapturedContent[" + values.keySet() + ", reference=" + reference + ", withheld=" + withheld + "]";
    }
}
