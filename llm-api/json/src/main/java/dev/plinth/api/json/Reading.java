package dev.plinth.api.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A place in a JSON text that is being read. All places of one text share the list of violations; the path is only
 * put together when something is wrong there.
 */
final class Reading {

    private static final int MAX_NAME = 80;

    private final @Nullable Reading parent;
    private final String step;
    private final List<Violation> violations;

    private Reading(@Nullable Reading parent, String step, List<Violation> violations) {
        this.parent = parent;
        this.step = step;
        this.violations = violations;
    }

    /** The place of the whole text. */
    static Reading root() {
        return new Reading(null, "$", new ArrayList<>());
    }

    Reading at(String property) {
        return new Reading(this, property, violations);
    }

    Reading at(int index) {
        return new Reading(this, "[" + index + "]", violations);
    }

    /** Notes that something is wrong here; returns null, which stands for the value that could not be read. */
    @Nullable
    Object violation(String problem) {
        StringBuilder path = new StringBuilder();
        appendTo(path);
        violations.add(new Violation(path.toString(), problem));
        return null;
    }

    /** Notes that the kind of JSON value found here is not the one that belongs here. */
    @Nullable
    Object wrongKind(JsonNode found, String expected) {
        String kind = found.getNodeType().name().toLowerCase(Locale.ROOT);
        return violation(kind + " (expected: " + expected + ")");
    }

    boolean isClean() {
        return violations.isEmpty();
    }

    /** Everything that was wrong so far, in the order of the text's type. */
    List<Violation> violations() {
        return List.copyOf(violations);
    }

    int count() {
        return violations.size();
    }

    private void appendTo(StringBuilder path) {
        if (parent == null) {
            path.append(step);
            return;
        }
        parent.appendTo(path);
        if (step.startsWith("[")) {
            path.append(step);
        } else if (isPlain(step)) {
            path.append('.').append(step);
        } else {
            path.append("['").append(shortened(step)).append("']");
        }
    }

    private static String shortened(String name) {
        String quoted = name.replace("\\", "\\\\").replace("'", "\\'");
        return quoted.length() <= MAX_NAME ? quoted : quoted.substring(0, MAX_NAME) + "…";
    }

    private static boolean isPlain(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_NAME
                && Character.isJavaIdentifierStart(name.charAt(0))
                && name.chars().allMatch(Character::isJavaIdentifierPart);
    }
}
