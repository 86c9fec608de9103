package dev.plinth.providers;

import dev.plinth.api.check.Check;

/**
 * A key or token. It shows itself only to whoever asks for it by name: neither {@link #toString} nor an error does.
 *
 * <p>Immutable and thread-safe.
 */
public final class Secret {

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /**
     * This key or token; white space around it is dropped.
     *
     * @throws IllegalArgumentException if it is blank or holds a line break, without repeating it
     */
    public static Secret of(String value) {
        String stripped = Check.notNull(value, "secret").strip();
        Check.that(!stripped.isEmpty(), "secret", "blank", "not blank");
        boolean printable = stripped.chars().allMatch(character -> character > ' ' && character < 127);
        Check.that(printable, "secret", "with other characters", "visible ASCII characters, as a header takes them");
        return new Secret(stripped);
    }

    /** The key or token itself, to send it. */
    public String reveal() {
        return value;
    }

    /** The text without this secret in it. */
    String removeFrom(String text) {
        return text.replace(value, "***");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "Secret[***]";
    }
}
