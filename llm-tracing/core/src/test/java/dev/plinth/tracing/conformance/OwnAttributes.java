package dev.plinth.tracing.conformance;

import dev.plinth.tracing.PlinthAttributes;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Plinth's own attributes: those of {@link PlinthAttributes}, and no others. */
final class OwnAttributes {

    private static final Set<AttributeType> COUNTABLE = Set.of(AttributeType.STRING, AttributeType.BOOLEAN);
    private static final Map<String, AttributeKey<?>> ALL = all();

    private OwnAttributes() {}

    static boolean isOne(AttributeKey<?> key) {
        return key.getKey().startsWith("plinth.");
    }

    static void check(AttributeKey<?> key, Problems problems) {
        AttributeKey<?> own = ALL.get(key.getKey());
        if (own == null) {
            problems.add(key.getKey(), "not in PlinthAttributes");
        } else if (own.getType() != key.getType()) {
            problems.add(key.getKey(), key.getType(), own.getType());
        }
    }

    /** Whether a metric may have it: every value of it makes a time series. */
    static boolean isBounded(AttributeKey<?> key) {
        return COUNTABLE.contains(key.getType())
                && !key.getKey().endsWith(".id")
                && !key.getKey().endsWith(".why");
    }

    private static Map<String, AttributeKey<?>> all() {
        Map<String, AttributeKey<?>> all = new TreeMap<>();
        for (Field field : PlinthAttributes.class.getFields()) {
            try {
                AttributeKey<?> key = (AttributeKey<?>) field.get(null);
                all.put(key.getKey(), key);
            } catch (IllegalAccessException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        return all;
    }
}
