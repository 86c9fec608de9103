package dev.plinth.tracing.conformance;

import java.util.Map;
import java.util.Set;

/** Which attributes a span, an event or a metric has, and which of them it must have. */
record Levels(Map<String, String> byKey) {

    private static final String WITH = "with ";
    private static final String WITHOUT = "without ";
    private static final Set<String> NOT_CHECKED = Set.of("on error", "when available", "recommended", "opt-in");

    Levels {
        byKey.forEach((key, level) -> {
            boolean checked = level.equals("required") || level.startsWith(WITH) || level.startsWith(WITHOUT);
            if (!checked && !NOT_CHECKED.contains(level)) {
                throw new IllegalArgumentException(key + ": " + level + " (expected: a level)");
            }
        });
    }

    boolean has(String key) {
        return byKey.containsKey(key);
    }

    /** What is missing among these keys. */
    void check(Set<String> present, Problems problems) {
        byKey.forEach((key, level) -> {
            if (!present.contains(key) && isDue(level, present)) {
                problems.add(key, "missing", level);
            }
        });
    }

    private static boolean isDue(String level, Set<String> present) {
        if (level.startsWith(WITH)) {
            return present.contains(level.substring(WITH.length()));
        }
        if (level.startsWith(WITHOUT)) {
            return !present.contains(level.substring(WITHOUT.length()));
        }
        return level.equals("required");
    }
}
