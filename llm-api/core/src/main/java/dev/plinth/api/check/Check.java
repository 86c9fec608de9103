package dev.plinth.api.check;

import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Refuses bad arguments at once, in one form: {@code name: value (expected: ...)}. For implementors; a caller only
 * sees the {@link IllegalArgumentException}.
 *
 * <p>Never hand in a secret or a prompt as the value: the message repeats it.
 */
public final class Check {

    private Check() {}

    /** Returns the value, refuses null. */
    public static <T> T notNull(@Nullable T value, String name) {
        if (value == null) {
            throw refused(name, "null", "not null");
        }
        return value;
    }

    /** Returns the text, refuses null and blank. */
    public static String notBlank(@Nullable String value, String name) {
        String text = notNull(value, name);
        if (text.isBlank()) {
            throw refused(name, "'" + text + "'", "not blank");
        }
        return text;
    }

    /** Returns the number, refuses zero and less. */
    public static int positive(int value, String name) {
        that(value > 0, name, value, "> 0");
        return value;
    }

    /** Returns the number, refuses zero and less. */
    public static long positive(long value, String name) {
        that(value > 0, name, value, "> 0");
        return value;
    }

    /** Returns the span, refuses null, zero and less. */
    public static Duration positive(@Nullable Duration value, String name) {
        Duration span = notNull(value, name);
        that(!span.isNegative() && !span.isZero(), name, span, "> 0");
        return span;
    }

    /** Returns the number, refuses NaN and what lies outside the bounds (both allowed themselves). */
    public static double within(double value, double least, double most, String name) {
        that(value >= least && value <= most, name, value, least + " to " + most);
        return value;
    }

    /** Returns the collection, refuses null, an empty one and null elements. */
    public static <T extends Collection<?>> T notEmpty(@Nullable T value, String name) {
        T collection = notNull(value, name);
        that(!collection.isEmpty(), name, "empty", "at least one element");
        int position = 0;
        for (Object element : collection) {
            if (element == null) { // the name is made for the error only: this runs for every text of a batch
                throw refused(name + "[" + position + "]", "null", "not null");
            }
            position++;
        }
        return collection;
    }

    /** Refuses the value unless the condition holds. */
    public static void that(boolean condition, String name, @Nullable Object value, String expected) {
        if (!condition) {
            throw refused(name, String.valueOf(value), expected);
        }
    }

    private static IllegalArgumentException refused(String name, String value, String expected) {
        return new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
}
