package dev.plinth.evals;

import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.time.Deadline;

/**
 * A text that can be read until a deadline. {@link java.util.regex.Pattern} has no limit of its own and backtracks for
 * years over a pattern such as {@code (a|aa)+?$}, but it reads every character anew.
 */
final class TimedText implements CharSequence {

    private static final int READS_PER_LOOK = 4096;

    private final CharSequence text;
    private final Deadline deadline;
    private int reads;

    TimedText(CharSequence text, Deadline deadline) {
        this.text = text;
        this.deadline = deadline;
    }

    @Override
    public char charAt(int index) {
        if (++reads == READS_PER_LOOK) {
            reads = 0;
            if (deadline.expired()) {
                throw new TimedOutException("regex: no end (expected: within its limit)");
            }
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return new TimedText(text.subSequence(start, end), deadline);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
